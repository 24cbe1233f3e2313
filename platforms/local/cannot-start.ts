import { createServer } from 'node:net'
import { type ControlPlaneFile, runningControlPlane } from './state-folder.ts'
import { DatabaseInUse } from './store/database.ts'
import { openStore, type SqliteStore } from './store/store.ts'

const LOOPBACK = '127.0.0.1'

/** Something stands in the way of a start; the message says what, and what to do. */
export class CannotStart extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotStart'
  }
}

/** Opens the store for this process alone. @throws CannotStart where another control plane has it. */
export function openStoreAlone(dir: string, path: string): SqliteStore {
  try {
    return openStore(path)
  } catch (error) {
    if (!(error instanceof DatabaseInUse)) throw error
    throw new CannotStart(inUse(dir, runningControlPlane(dir)), { cause: error })
  }
}

/** @param option how another port is chosen, such as `--port` */
export async function listenOrExplain<Result>(
  listen: (port: number) => Promise<Result>,
  port: number,
  option: string,
): Promise<Result> {
  try {
    return await listen(port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const why = code === 'EACCES' ? 'needs rights that this user has not' : 'is taken by another program'
    throw new CannotStart(
      `Port ${port} ${why}. Choose another with ${option} N, or any free one with ${option} 0.`,
      {
        cause: error,
      },
    )
  }
}

/** Takes the port and lets it go again, so that one that is taken is known before anything else is begun. */
export async function tryPort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(port, LOOPBACK, resolve)
  })
  await new Promise((resolve) => probe.close(resolve))
}

function inUse(dir: string, other: ControlPlaneFile | undefined): string {
  if (other)
    return `Another control plane (process ${other.pid}, ${other.url}) runs on ${dir}. Stop it with "sluice down --dir ${dir}", or choose another folder with --dir.`
  return `Another program has ${dir}/sluice.db locked, such as a control plane that is just starting, a backup or a database shell. End it, or wait until it has, then start again.`
}
