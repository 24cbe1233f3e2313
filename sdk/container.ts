import { resolve } from 'node:path'
import { type ContainerRuntime, RUNTIME } from '../protocol/author.ts'

/** The container that this code runs in, or undefined anywhere else. */
export function containerRuntime(): ContainerRuntime | undefined {
  return (globalThis as { [RUNTIME]?: ContainerRuntime })[RUNTIME]
}

/** The version that calls of this container within its app are to run on, where they may run on no other. */
export function pinnedVersion(): number | undefined {
  const runtime = containerRuntime()
  return runtime && (runtime.pinned || runtime.currentCall()?.pinned) ? runtime.version : undefined
}

/** The call that the calling code runs for: its id, and a signal that aborts once it is cancelled or out of time. */
export function currentCall(): ReturnType<ContainerRuntime['currentCall']> {
  return containerRuntime()?.currentCall()
}

/**
 * Completes the handshake of a WebSocket request; return the response from the handler.
 * @throws Error where the request asks for no WebSocket, or outside a container
 */
export function upgradeWebSocket(request: Request): { socket: WebSocket; response: Response } {
  const runtime = containerRuntime()
  if (!runtime) throw new Error('upgradeWebSocket(…) works in a deployed web function only.')
  return runtime.upgradeWebSocket(request)
}

/** Outside a container a mount is the folder that it will be made of. */
const localMounts = new Map<string, string>()

export function rememberLocalMounts(folders: Record<string, string>, base: string): void {
  for (const [at, folder] of Object.entries(folders)) localMounts.set(at, resolve(base, folder))
}

/** Where the folder that was mounted `at` is on this machine: `mountPath('/assets')`. */
export function mountPath(at: string): string {
  return localMounts.get(at) ?? resolve(`.${at}`)
}
