import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows come and go so many at a time, and so many are there before they can be seen: scrolling shows no gap. */
const STEP = 10

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
  const [view, setView] = useState({ from: 0, to: STEP, isAtEnd: beginAt === undefined, seen: 0 })
  const before = useRef({ first, beginAt: undefined as number | undefined })
  /** Whether the end is not gone along with, although it was in sight when a row was picked out. */
  const holds = useRef(false)
  const end = first + count

  const look = () => {
    const box = ref.current
    if (!box) return
    const { scrollTop, clientHeight, scrollHeight } = box
    const isAtEnd = scrollHeight - scrollTop - clientHeight < height
    const from = step(scrollTop / height) - STEP
    const to = step((scrollTop + clientHeight) / height) + 2 * STEP
    setView((view) => {
      const seen = isAtEnd ? end : view.seen
      const isSame = view.from === from && view.to === to && view.isAtEnd === isAtEnd && view.seen === seen
      return isSame ? view : { from, to, isAtEnd, seen }
    })
  }
  const scrolled = () => {
    look()
    const box = ref.current
    if (box && box.scrollHeight - box.scrollTop - box.clientHeight < height) holds.current = false
  }
  const toEnd = () => {
    ref.current?.scrollTo({ top: ref.current.scrollHeight })
    // Before more rows come, or it would be the end no longer; the browser tells of the scroll only later.
    holds.current = false
    look()
  }

  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    const moved = before.current.first - first
    const isNew = beginAt !== undefined && before.current.beginAt !== beginAt
    before.current = { first, beginAt }
    // Whoever picks out a row wants to look at it: what comes does not push it away.
    if (isNew || beginAt === undefined) holds.current = isNew
    if (isNew && !isInSight(box, (beginAt - first) * height, height))
      box.scrollTop = (beginAt - first + 0.5) * height - box.clientHeight / 2
    else if (view.isAtEnd && !holds.current) box.scrollTop = box.scrollHeight
    else if (moved !== 0) box.scrollTop += moved * height
    look()
  }, [first, count, height, beginAt])

  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    box.addEventListener('scroll', scrolled, { passive: true })
    const observer = new ResizeObserver(look)
    observer.observe(box)
    return () => {
      box.removeEventListener('scroll', scrolled)
      observer.disconnect()
    }
  })

  const { from, to, isAtEnd, seen } = view
  return {
    ref,
    from: Math.min(Math.max(0, from), count),
    to: Math.min(to, count),
    isAtEnd,
    unseen: isAtEnd ? 0 : Math.max(0, end - seen),
    toEnd,
  }
}

const step = (row: number): number => Math.floor(row / STEP) * STEP

const isInSight = ({ scrollTop, clientHeight }: HTMLElement, top: number, height: number): boolean =>
  top >= scrollTop && top + height <= scrollTop + clientHeight
