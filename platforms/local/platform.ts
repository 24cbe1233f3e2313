import { join, resolve } from 'node:path'
import { enqueue } from '../../control/calls.ts'
import { DEFAULT_RETENTION, type Retention } from '../../protocol/retention.ts'
import { Assembly } from './assembly.ts'
import { blobServer } from './blobs/server.ts'
import { CannotStart, listenOrExplain, openStoreAlone, tryPort } from './cannot-start.ts'
import { bundleRunner } from './compute/runner-bundle.ts'
import { makeHandlers } from './handlers.ts'
import { machineFault } from './machine-fault.ts'
import { ownerToken } from './owner-token.ts'
import { consoleServer } from './server/console.ts'
import { ApiServer } from './server/server.ts'
import { announce, makeFolder, storePath, withdraw } from './state-folder.ts'
import type { SqliteStore } from './store/store.ts'
import { GRACE_MS, presentContainers, windDown } from './wind-down.ts'

/** What an open request is given when everything else has ended. */
const LAST_REQUESTS_MS = 1_000

/** Calls that wait beyond these are found by the sweep, a little later. */
const MOST_HINTS = 10_000

export interface LocalOptions {
  /** The state folder; made where there is none. */
  dir: string
  /** For the API, and for web functions; 0 takes any free one. */
  port: number
  ingressPort: number
  /** The folder of the built console. */
  console: string
  /** The environment of this process, of which containers get what tells of the machine. */
  variables: Record<string, string | undefined>
  /** What is kept of what no longer runs; the rest as `DEFAULT_RETENTION` says. */
  retention?: Partial<Retention>
  /** Takes what an operator should know: one message, which may have several lines. */
  log: (message: string) => void
}

export interface LocalPlatform {
  url: string
  ingressUrl: string
  /** The owner's; also kept in the state folder. */
  token: string
  /**
   * Ends everything, containers too.
   * @param graceMs what running calls are given to end; those that do not are run again after the next start
   */
  close(graceMs?: number): Promise<void>
}

/**
 * Starts the whole platform in this process, on a folder that holds all its state. Containers that an earlier control
 * plane left running are taken over.
 * @throws CannotStart where the folder or a port is taken, or the machine denies what it needs
 */
export async function startLocal(options: LocalOptions): Promise<LocalPlatform> {
  const dir = resolve(options.dir)
  try {
    return await start(dir, options)
  } catch (error) {
    const fault = error instanceof CannotStart ? undefined : machineFault(error, dir)
    throw fault === undefined ? error : new CannotStart(fault, { cause: error })
  }
}

async function start(dir: string, options: LocalOptions): Promise<LocalPlatform> {
  await using opened = new AsyncDisposableStack()
  makeFolder(dir)
  const store = opened.adopt(openStoreAlone(dir, storePath(dir)), (it) => it.close())
  const api = await listenOrExplain(ApiServer.listen, options.port, '--port')
  opened.defer(() => api.close(LAST_REQUESTS_MS))
  await listenOrExplain(tryPort, options.ingressPort, '--ingress-port')

  const { main } = await bundleRunner(join(dir, 'runner'))
  const { log, variables } = options
  const retention = { ...DEFAULT_RETENTION, ...options.retention }
  const surroundings = { dir, store, apiUrl: api.url, variables, retention, log }
  const assembly = new Assembly({ ...surroundings, runner: { path: main } })
  const { ports, ingress } = assembly
  opened.defer(() => assembly.close())
  const token = await ownerToken(ports, dir)
  await takeOver(assembly, store)
  const ingressPort = await listenOrExplain(
    (port) => ingress.listen(port),
    options.ingressPort,
    '--ingress-port',
  )
  const ingressUrl = `http://localhost:${ingressPort}`
  const report = assembly.reportFailure
  api.serve({
    handlers: makeHandlers(ports, report, store),
    blobs: blobServer(assembly.blobs),
    console: consoleServer(options.console),
    report,
  })
  assembly.start()
  announce(dir, { url: api.url, ingressUrl, startedAt: new Date().toISOString() })
  opened.defer(() => withdraw(dir))

  const running = opened.move()
  return {
    url: api.url,
    ingressUrl,
    token,
    close: async (graceMs = GRACE_MS) => {
      await assembly.rest()
      await windDown(ports, { closeIngress: () => assembly.closeIngress(), graceMs })
      await running.disposeAsync()
    },
  }
}

/** Continues where the control plane before this one ended, however it did. */
async function takeOver({ ports, compute, worklist }: Assembly, store: SqliteStore): Promise<void> {
  const ids = (await presentContainers(ports)).map(({ id }) => id)
  await compute.reap(ids)
  await compute.adopt(ids)
  for (const { at, ...key } of store.collectionTimes(ports.retention.stoppedMs)) await worklist.add(key, at)
  for (const key of store.unsettledApps()) await worklist.add(key)
  // Hints are kept in memory, so those of the calls that wait are gone.
  for (const call of await ports.store.overdueCalls(Number.MAX_SAFE_INTEGER, MOST_HINTS))
    await enqueue(ports, call)
  // Endpoints point at their containers before the first request can come.
  await worklist.idle()
}
