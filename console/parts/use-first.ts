import { useState } from 'preact/hooks'

const AT_ONCE = 100

/** The first of many rows that are known already, and what `Pager` needs to show more of them. */
export function useFirst<Row>(rows: readonly Row[]) {
  const [shown, setShown] = useState(AT_ONCE)
  const more = {
    hasNextPage: rows.length > shown,
    isFetchingNextPage: false,
    fetchNextPage: () => setShown(shown + AT_ONCE),
  }
  return [rows.slice(0, shown), more] as const
}
