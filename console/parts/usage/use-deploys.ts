import { useMemo } from 'preact/hooks'
import { useAnswer } from '../../api/queries.ts'
import type { Marker } from '../chart/series.ts'

/** More than a chart can mark. */
const MOST = 50

/** When versions of the app went live, the newest first. */
export function useDeploys(env: string, app: string): Marker[] {
  const { data } = useAnswer('listVersions', { params: { app }, query: { env, limit: MOST } })
  return useMemo(
    () =>
      (data?.items ?? []).flatMap(({ version, liveAt }) =>
        liveAt === undefined ? [] : [{ at: Date.parse(liveAt), label: `v${version}` }],
      ),
    [data],
  )
}
