import { useQuery } from '@tanstack/preact-query'
import { ask } from '../../api/client.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { RANGES } from './ranges.ts'
import type { Usage, UsageAsked } from './usage.ts'

/** Containers tell what they did once a minute at most, on AWS. */
const AGAIN_MS = 30_000

/** What an app, or a function of it, did from so long ago until now. */
export function useUsage(asked: UsageAsked) {
  const { env, app, range, ...query } = asked
  return useQuery<Usage, ApiProblem>({
    queryKey: ['getUsage', { params: { app }, query: { env, range, ...query } }],
    queryFn: async ({ signal }) => {
      const since = new Date(Date.now() - RANGES[range].ms).toISOString()
      const usage = await ask('getUsage', { params: { app }, query: { env, since, ...query } }, signal)
      return { ...usage, asked }
    },
    placeholderData: (before) => (before && isSameOne(before.asked, asked) ? before : undefined),
    refetchInterval: AGAIN_MS,
  })
}

const isSameOne = (one: UsageAsked, other: UsageAsked): boolean =>
  one.env === other.env && one.app === other.app && one.function === other.function
