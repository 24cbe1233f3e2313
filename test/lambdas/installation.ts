import { createHash } from 'node:crypto'
import { closeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { containerToken } from '../../control/access.ts'
import type { Container } from '../../control/model.ts'
import type { Blobs, Ports } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import { issueToken } from '../../control/tokens.ts'
import { systemClock, systemTimers } from '../../platforms/local/clock.ts'
import { LocalEvents } from '../../platforms/local/events.ts'
import { makeHandlers } from '../../platforms/local/handlers.ts'
import { LocalIds } from '../../platforms/local/ids.ts'
import { LocalIngress } from '../../platforms/local/ingress/ingress.ts'
import { openKeys } from '../../platforms/local/keys.ts'
import { openLog } from '../../platforms/local/logs/files.ts'
import { LocalLogs } from '../../platforms/local/logs.ts'
import { LocalQueue } from '../../platforms/local/queue.ts'
import { SqliteSecrets } from '../../platforms/local/secrets.ts'
import { ApiServer } from '../../platforms/local/server/server.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import { DEFAULT_RETENTION } from '../../protocol/retention.ts'

const HOLD_MS = 200
const SECRET = 'slu_of-the-test'

export interface Installation {
  url: string
  /** A person's token. */
  token: string
  ports: Ports
  /** What was reported as our own fault. */
  failures: unknown[]
  /** Makes a record of a container that is ready; answers its token. */
  container(fields?: Partial<Container>): Promise<string>
  /** A descriptor for what a container of `shop` writes. */
  openLog(container: string): number
  /** Once nothing is being reconciled, and nothing is to be now. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** The real server, handlers, domain and store, which is in memory unless given; only no process is ever started for a container. */
export async function install(store: SqliteStore = openStore(':memory:')): Promise<Installation> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-api-'))
  const keys = openKeys(dir)
  const clock = systemClock
  const events = new LocalEvents()
  const queue = new LocalQueue({ clock, timers: systemTimers })
  const failures: unknown[] = []
  const logsOpen: number[] = []
  const worklist = new LocalWorklist({
    clock,
    timers: systemTimers,
    run: (key) => reconcile(ports, key),
    onError: (error) => failures.push(error),
  })
  const ports: Ports = {
    store,
    queue,
    compute: { launch: async () => ({ kind: 'launched' }), stop: async () => 'gone' },
    ingress: new LocalIngress({ onWaiting: () => {}, onReleased: () => {}, coldStartTimeoutMs: 1 }),
    timetable: { sync: async () => {} },
    blobs: memoryBlobs(),
    secrets: new SqliteSecrets(store.database, keys),
    logs: new LocalLogs(dir),
    events,
    worklist,
    outbox: { add: async () => {} },
    notifier: { refusal: async () => undefined, deliver: async () => ({ kind: 'delivered' }) },
    keys,
    tariff: { region: 'us-east-1', architecture: 'arm64', hasAddress: false },
    clock,
    ids: new LocalIds(clock),
    holdMs: HOLD_MS,
    heartbeatMs: 5_000,
    reportMs: 2_000,
    overrunMs: 300_000,
    silenceMs: 30_000,
    launchMs: 0,
    missedMs: 15_000,
    listeningSince: clock.now(),
    retention: DEFAULT_RETENTION,
    consoleUrl: 'http://console.test',
  }
  await issueToken(ports, { name: 'ada', role: 'admin', by: 'ada' }, SECRET)
  const server = await ApiServer.listen(0)
  server.serve({
    handlers: makeHandlers(ports, ({ error }) => failures.push(error), store),
    blobs: () => false,
    console: () => false,
    report: ({ error }) => failures.push(error),
  })
  return {
    url: server.url,
    token: SECRET,
    ports,
    failures,
    container: (fields) => recordContainer(ports, fields),
    openLog: (container) => {
      const log = openLog(dir, { env: 'main', app: 'shop', function: 'work', version: 1, container })
      logsOpen.push(log)
      return log
    },
    idle: () => worklist.idle(),
    close: async () => {
      await worklist.close()
      queue.close()
      await server.close(0)
      store.close()
      for (const log of logsOpen) closeSync(log)
      await rm(dir, { recursive: true })
    },
  }
}

async function recordContainer(ports: Ports, fields: Partial<Container> = {}): Promise<string> {
  const container: Container = {
    id: ports.ids.next('co'),
    env: 'main',
    app: 'shop',
    function: 'work',
    version: 1,
    state: 'ready',
    running: 0,
    requests: 0,
    startedAt: ports.clock.now(),
    launched: true,
    seenAt: ports.clock.now(),
    ...fields,
  }
  const pool = await ports.store.containers(container)
  await ports.store.reserveContainer(container, { expect: pool.length, max: pool.length + 1 })
  await ports.store.containerReady(container.id, undefined, container.startedAt)
  if (container.state === 'stopped')
    await ports.store.containerStopped(container.id, 'done', container.startedAt)
  return containerToken(ports.keys, container.id)
}

function memoryBlobs(): Blobs {
  const contents = new Map<string, Uint8Array>()
  return {
    missing: async (hashes) => hashes.filter((hash) => !contents.has(hash)),
    uploadUrl: async (hash) => ({ url: `http://blobs.test/${hash}` }),
    downloadUrl: async (hash) => `http://blobs.test/${hash}`,
    put: async (content) => {
      const hash = createHash('sha256').update(content).digest('hex')
      contents.set(hash, content)
      return hash
    },
    get: async (hash) => contents.get(hash),
    touch: async (hash) => contents.has(hash),
    list: async () => ({
      items: [...contents].map(([hash, { byteLength: bytes }]) => ({ hash, at: 0, bytes })),
    }),
    remove: async (hashes) => {
      for (const hash of hashes) contents.delete(hash)
    },
  }
}
