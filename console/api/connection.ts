import { PATHS } from '../../protocol/paths.ts'
import { Patience, seen } from './patience.ts'

const listeners = new Set<() => void>()
let isLost = false

export const isConnectionLost = (): boolean => isLost

/** Told when the control plane is lost, and when it is back. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Said by whoever got no answer. */
export function connectionLost(): void {
  if (isLost) return
  change(true)
  void untilBack()
}

/** Looks, ever more rarely, whether it answers again. */
async function untilBack(): Promise<void> {
  const forever = new AbortController().signal
  const patience = new Patience()
  do {
    await patience.wait(forever)
    await seen(forever)
  } while (!(await answers()))
  change(false)
}

function answers(): Promise<boolean> {
  return fetch(PATHS.health.path, { credentials: 'omit', cache: 'no-store' })
    .then((response) => response.json())
    .then(
      ({ status }) => status === 'ok',
      () => false,
    )
}

function change(lost: boolean): void {
  isLost = lost
  for (const listener of listeners) listener()
}
