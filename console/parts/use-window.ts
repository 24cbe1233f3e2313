import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows that are there before they can be seen, so that scrolling shows no gap. */
const SPARE_ROWS = 20

interface Rows {
  /** The number of the first row, which goes on counting as rows are added or let go before it. */
  first: number
  count: number
  /** Pixels of each. */
  height: number
  /** The row to begin at, by its number; the end where there is none. */
  beginAt: number | undefined
}

interface Window {
  ref: RefObject<HTMLElement>
  /** Which rows are to be there: from the one, and before the other. */
  from: number
  to: number
  /** Whether the last row is in sight: then it stays there, whatever is added. */
  isAtEnd: boolean
  /** How many rows have come after the last one that was in sight. */
  unseen: number
  toEnd: () => void
}

/** The part of a long list that can be seen. What is added or let go above it does not move it. */
export function useWindow({ first, count, height, beginAt }: Rows): Window {
  const ref = useRef<HTMLElement>(null)
  const [view, setView] = useState({ top: 0, height: 0, isAtEnd: beginAt === undefined, seen: 0 })
  const before = useRef({ first, beginAt: undefined as number | undefined })
  const end = first + count

  const look = () => {
    const box = ref.current
    if (!box) return
    const { scrollTop: top, clientHeight } = box
    const isAtEnd = box.scrollHeight - top - clientHeight < height
    setView(({ seen }) => ({ top, height: clientHeight, isAtEnd, seen: isAtEnd ? end : seen }))
  }
  const toEnd = () => ref.current?.scrollTo({ top: ref.current.scrollHeight })

  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    const moved = before.current.first - first
    const isNew = beginAt !== undefined && before.current.beginAt !== beginAt
    before.current = { first, beginAt }
    if (isNew && !isInSight(box, (beginAt - first) * height, height))
      box.scrollTop = (beginAt - first + 0.5) * height - box.clientHeight / 2
    else if (view.isAtEnd) toEnd()
    else if (moved !== 0) box.scrollTop += moved * height
    look()
  }, [first, count, height, beginAt])

  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    box.addEventListener('scroll', look, { passive: true })
    const observer = new ResizeObserver(look)
    observer.observe(box)
    return () => {
      box.removeEventListener('scroll', look)
      observer.disconnect()
    }
  })

  const from = Math.max(0, Math.floor(view.top / height) - SPARE_ROWS)
  const to = Math.min(count, Math.ceil((view.top + view.height) / height) + SPARE_ROWS)
  return {
    ref,
    from,
    to,
    isAtEnd: view.isAtEnd,
    unseen: view.isAtEnd ? 0 : Math.max(0, end - view.seen),
    toEnd,
  }
}

const isInSight = ({ scrollTop, clientHeight }: HTMLElement, top: number, height: number): boolean =>
  top >= scrollTop && top + height <= scrollTop + clientHeight
