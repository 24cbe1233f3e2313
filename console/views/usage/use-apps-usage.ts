import { keepPreviousData, useInfiniteQuery } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import type { AppsUsageView } from '../../../protocol/usage-view.ts'
import { ask } from '../../api/client.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { RANGES, type Range } from '../../parts/usage/ranges.ts'

/** Each app takes a few queries, and what is added up moves slowly. */
const AGAIN_MS = 300_000
/** To say which app costs most, all have to be known; but there is an end to what one page asks for by itself. */
const MOST_APPS = 1_000

export type AppUsage = AppsUsageView['items'][number]

interface Place {
  since: string
  cursor?: string
}

/** What each app of an environment did from so long ago until now, as far as that is known. */
export function useAppsUsage(env: string, range: Range) {
  const { data, error, ...pages } = useInfiniteQuery<
    AppsUsageView,
    ApiProblem,
    { pages: AppsUsageView[] },
    unknown[],
    Place | undefined
  >({
    queryKey: ['listUsage', { query: { env, range } }],
    queryFn: ({ signal, pageParam: place }) => {
      const since = place?.since ?? new Date(Date.now() - RANGES[range].ms).toISOString()
      return ask('listUsage', { query: { env, since, cursor: place?.cursor } }, signal)
    },
    initialPageParam: undefined,
    // All pages are of the same time.
    getNextPageParam: ({ since, cursor }) => (cursor === undefined ? undefined : { since, cursor }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  })
  const items = data?.pages.flatMap(({ items }) => items) ?? []
  const goesOn = pages.hasNextPage && error === null && items.length < MOST_APPS
  const isNext = goesOn && !pages.isFetching
  useEffect(() => {
    if (isNext) void pages.fetchNextPage()
  }, [isNext])
  const [first] = data?.pages ?? []
  return { error, data: first && { ...first, items }, isWhole: !pages.hasNextPage, goesOn }
}
