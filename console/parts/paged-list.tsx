import type { ComponentChildren } from 'preact'
import type { ApiProblem } from '../api/problem.ts'
import { Answer } from './answer.tsx'
import { Empty } from './empty.tsx'
import { type Paged, Pager } from './pager.tsx'

interface PagedListProps<Item> {
  /** As `usePages` has it. */
  of: Paged & { items: Item[] | undefined; error: ApiProblem | null }
  /** What there is more of, such as `older calls`. */
  more: string
  /** What is said where there are none. */
  none: ComponentChildren
  children: (items: Item[]) => ComponentChildren
}

/** A list as far as its pages were asked for. */
export function PagedList<Item>({ of, more, none, children }: PagedListProps<Item>) {
  return (
    <>
      <Answer of={{ data: of.items, error: of.error }}>
        {(items) => (items.length === 0 ? none : children(items))}
      </Answer>
      <Pager of={of} more={more} />
    </>
  )
}

interface NoneLikeThatProps {
  /** What is listed, such as `call`. */
  noun: string
  isFiltered: boolean
  /** Whether further pages may have some: a page ends where enough was looked through. */
  hasMore: boolean
  /** What is said where it is not because of a filter. */
  children: ComponentChildren
}

/** Says why a list that can be narrowed is empty. */
export function NoneLikeThat({ noun, isFiltered, hasMore, children }: NoneLikeThatProps) {
  if (hasMore) return <Empty title={`None of the newest ${noun}s is like that.`} />
  if (isFiltered) return <Empty title={`No ${noun} is like that.`} />
  return <>{children}</>
}
