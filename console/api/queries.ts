import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/preact-query'
import type { PublicRoute } from '../../protocol/paths.ts'
import type { RouteResponse } from '../../protocol/routes.ts'
import { type Asked, ask } from './client.ts'
import { lookAgainAfter } from './pace.ts'
import { ApiProblem, ofAct } from './problem.ts'

/** Routes that answer with a page of items. */
type ListRoute = {
  [Id in PublicRoute]: RouteResponse<Id> extends { items: unknown[] } ? Id : never
}[PublicRoute]
type ItemOf<Id extends ListRoute> = RouteResponse<Id>['items'][number]

const TRIES = 3
const RARELY_MS = 600_000

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        refetchInterval: lookAgainAfter,
        retry: (failures, error) => failures < TRIES && error instanceof ApiProblem && error.isPassing,
        // Whether the machine is online says nothing about a control plane that may be on this very machine.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })

interface Options {
  /** False while it is not known yet what to ask for. */
  when?: boolean
  /** Whether the answer can never change, such as the difference of two versions. */
  final?: boolean
  /** Whether it hardly ever changes, and is asked for again when somebody wants to know. */
  rare?: boolean
}

/** What a route answers, asked for again as long as it is on the screen. */
export function useAnswer<Id extends PublicRoute>(
  route: Id,
  asked: Asked<Id> = {},
  { when = true, final = false, rare = false }: Options = {},
) {
  return useQuery<RouteResponse<Id>, ApiProblem>({
    queryKey: [route, asked],
    queryFn: ({ signal }) => ask(route, asked, signal),
    enabled: when,
    ...(rare && { refetchInterval: RARELY_MS }),
    ...(final && { staleTime: 'static', refetchInterval: false }),
  })
}

interface Pace {
  /** How often to look again where changes are streamed, for what adds up without one. */
  streamedMs?: number
}

/** A list, page by page: `items` are those of all pages that were asked for so far. */
export function usePages<Id extends ListRoute>(route: Id, asked: Asked<Id> = {}, { streamedMs }: Pace = {}) {
  const {
    data,
    fetchNextPage: fetchNext,
    ...rest
  } = useInfiniteQuery<
    RouteResponse<Id>,
    ApiProblem,
    { pages: RouteResponse<Id>[] },
    unknown[],
    string | undefined
  >({
    queryKey: [route, asked, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      ask(
        route,
        { ...asked, query: { ...asked.query, ...(pageParam !== undefined && { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: undefined,
    getNextPageParam: (page) => ('cursor' in page ? (page.cursor as string | undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => lookAgainAfter(query, streamedMs),
  })
  const items = data?.pages.flatMap(({ items }) => items as ItemOf<Id>[])
  // A look at what is there already ends the one for what comes next: that is made again.
  const fetchNextPage = async () => {
    const before = data?.pages.length ?? 0
    for (let tries = 0; tries < TRIES; tries++) {
      const { data: now, isError } = await fetchNext()
      if (isError || (now?.pages.length ?? 0) > before) return
    }
  }
  return { ...rest, fetchNextPage, items }
}

/**
 * Has something done; what is on the screen is asked for again when it is.
 * @param onDone is told of the answer, also where what asked for it has gone from the screen by then
 */
export function useAct<Id extends PublicRoute>(
  route: Id,
  onDone: (answer: RouteResponse<Id>) => void = () => undefined,
) {
  const client = useQueryClient()
  return useMutation<RouteResponse<Id>, ApiProblem, Asked<Id>>({
    mutationFn: (asked) =>
      ask(route, asked).catch((error: unknown) => {
        throw ofAct(error)
      }),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries(),
  })
}
