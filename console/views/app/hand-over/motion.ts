import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const MOVE: KeyframeAnimationOptions = { duration: 600, easing: 'cubic-bezier(0.3, 0, 0.1, 1)' }
const APPEAR: KeyframeAnimationOptions = { duration: 400, easing: 'ease-out' }

const wantsLess = () => matchMedia('(prefers-reduced-motion: reduce)').matches

interface Spot {
  x: number
  y: number
}

/**
 * Has whatever carries `data-tile` glide from where it was to where it is, and grow where it is new: a container keeps its
 * identity while it changes its place. The board is what its tiles are positioned in.
 */
export function useMotion(board: RefObject<HTMLElement>): void {
  const before = useRef<Map<string, Spot>>()
  useLayoutEffect(() => {
    const tiles = [...(board.current?.querySelectorAll<HTMLElement>('[data-tile]') ?? [])]
    // As it is laid out: where a tile seems to be while it glides is of no account.
    const spots = tiles.map(
      ({ dataset, offsetLeft: x, offsetTop: y }) => [dataset.tile ?? '', { x, y }] as const,
    )
    const known = before.current
    before.current = new Map(spots)
    if (!known || wantsLess()) return
    for (const [index, [id, to]] of spots.entries()) move(tiles[index], known.get(id), to)
  })
}

function move(tile: HTMLElement | undefined, from: Spot | undefined, to: Spot): void {
  if (!from) {
    tile?.animate([{ transform: 'scale(0)', opacity: 0 }, {}], APPEAR)
    return
  }
  const [x, y] = [from.x - to.x, from.y - to.y]
  if (Math.hypot(x, y) > 1) tile?.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], MOVE)
}
