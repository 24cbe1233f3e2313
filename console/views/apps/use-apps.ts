import type { AppActivity } from '../../../protocol/activity.ts'
import type { AppView } from '../../../protocol/app-view.ts'
import { usePages } from '../../api/queries.ts'

/** Containers tell what they did every few seconds, and nobody is told that they have. */
const COUNTED_EVERY_MS = 10_000

/** An app, and what it did in the last hour once that is known. */
export interface ListedApp {
  app: AppView
  activity: AppActivity | undefined
}

/** Apps of an environment, page by page. Both lists have the same pages, so that neither waits for the other. */
export function useApps(env: string, q: string) {
  const asked = { query: { env, q } }
  const apps = usePages('listApps', asked)
  const activity = usePages('listActivity', asked, { streamedMs: COUNTED_EVERY_MS })
  const known = new Map(activity.items?.map((one) => [one.app, one]))
  return {
    error: apps.error,
    data: apps.items?.map((app): ListedApp => ({ app, activity: known.get(app.name) })),
    hasNextPage: apps.hasNextPage,
    isFetchingNextPage: apps.isFetchingNextPage,
    fetchNextPage: () => Promise.all([apps.fetchNextPage(), activity.fetchNextPage()]),
  }
}
