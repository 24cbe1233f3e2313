/** What a list has that comes page by page. */
export interface Paged {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

interface PagerProps {
  /** As `usePages` has it. */
  of: Paged
  /** What there is more of, such as `older calls`. */
  more: string
}

/** Brings the next page below what is there. Nothing where that is all. */
export function Pager({ of: { hasNextPage, isFetchingNextPage, fetchNextPage }, more }: PagerProps) {
  if (!hasNextPage) return null
  return (
    <p class="pager">
      <button
        type="button"
        aria-disabled={isFetchingNextPage}
        onClick={() => !isFetchingNextPage && fetchNextPage()}
      >
        {isFetchingNextPage ? 'Loading…' : `Show ${more}`}
      </button>
    </p>
  )
}
