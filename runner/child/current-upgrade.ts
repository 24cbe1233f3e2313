import { AsyncLocalStorage } from 'node:async_hooks'

/** A request for a WebSocket that waits for its handler's answer. */
export interface PendingUpgrade {
  /** Completes the handshake. Throws where the client did not ask for it properly. */
  accept(): { socket: WebSocket; response: Response }
}

/** Not found by the request itself: a framework may hand a copy of it to the author's code. */
const storage = new AsyncLocalStorage<PendingUpgrade>()

export const withinUpgrade = <Result>(upgrade: PendingUpgrade, run: () => Result): Result =>
  storage.run(upgrade, run)

/** @throws Error where the request that is being handled does not ask for a WebSocket */
export function upgradeWebSocket(): { socket: WebSocket; response: Response } {
  const upgrade = storage.getStore()
  if (upgrade) return upgrade.accept()
  throw new Error(
    'This request does not ask for a WebSocket. Check that its "upgrade" header is "websocket", and answer 426 where it is not.',
  )
}
