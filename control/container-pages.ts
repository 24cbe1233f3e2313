import { fromCursor, toCursor } from './cursor.ts'
import type { Container } from './model.ts'
import type { Page } from './paging.ts'
import type { ContainerFilter } from './store-port.ts'

/** A container's place in the list: those that stopped come last, by when they did. */
export type ContainerPlace = Pick<Container, 'id' | 'stoppedAt'>

export function containerCursor({ id, stoppedAt }: ContainerPlace): string {
  return toCursor('containers', stoppedAt === undefined ? id : `${stoppedAt}.${id}`)
}

/** Where the page begins: after this one, or with the first. */
export function pageStart({ cursor }: Page): ContainerPlace | undefined {
  if (cursor === undefined) return undefined
  const [id = '', stoppedAt] = fromCursor('containers', cursor).split('.').reverse()
  return { id, ...(stoppedAt !== undefined && { stoppedAt: Number(stoppedAt) }) }
}

/** Which parts of the list a page may be filled from. */
export function partsOf(
  { state, all = false }: ContainerFilter,
  start: ContainerPlace | undefined,
): { present: boolean; stopped: boolean } {
  return {
    present: state !== 'stopped' && start?.stoppedAt === undefined,
    stopped: state === undefined ? all : state === 'stopped',
  }
}
