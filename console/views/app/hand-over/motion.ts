import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const MOVE: KeyframeAnimationOptions = { duration: 600, easing: 'cubic-bezier(0.3, 0, 0.1, 1)' }
const APPEAR: KeyframeAnimationOptions = { duration: 400, easing: 'ease-out' }

const wantsLess = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/**
 * Has whatever carries `data-tile` glide from where it was to where it is, and grow where it is new: a container keeps its
 * identity while it changes its place.
 */
export function useMotion(board: RefObject<HTMLElement>): void {
  const before = useRef<Map<string, DOMRect>>()
  useLayoutEffect(() => {
    const tiles = [...(board.current?.querySelectorAll<HTMLElement>('[data-tile]') ?? [])]
    // Relative to the board, so that it moves nothing when the page above it grows.
    const origin = board.current?.getBoundingClientRect()
    if (!origin) return
    const after = new Map<string, DOMRect>()
    for (const tile of tiles) {
      const { x, y, width, height } = tile.getBoundingClientRect()
      after.set(tile.dataset.tile ?? '', new DOMRect(x - origin.x, y - origin.y, width, height))
    }
    const known = before.current
    before.current = after
    if (!known || wantsLess()) return
    for (const tile of tiles)
      move(tile, known.get(tile.dataset.tile ?? ''), after.get(tile.dataset.tile ?? ''))
  })
}

function move(tile: HTMLElement, from: DOMRect | undefined, to: DOMRect | undefined): void {
  if (!to) return
  if (!from) {
    tile.animate([{ transform: 'scale(0)', opacity: 0 }, {}], APPEAR)
    return
  }
  const [x, y] = [from.x - to.x, from.y - to.y]
  if (Math.hypot(x, y) > 1) tile.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], MOVE)
}
