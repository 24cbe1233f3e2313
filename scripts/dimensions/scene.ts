import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { deploy, draft } from '../../test/console/deploys.ts'
import { DAY_MS, History } from '../../test/console/history.ts'
import { deployApp, manifestOf } from '../../test/lambdas/apps.ts'
import { type Installation, install } from '../../test/lambdas/installation.ts'
import { Meter } from './meter.ts'

/** The app that things are done with. */
export const SUBJECT = 'subject'
export const KEY = { env: 'main', app: SUBJECT }
/** Containers are simulated, so that none is to be started or let go meanwhile. */
const FUNCTIONS = {
  work: { maxContainers: 1, scaledownWindow: 3_600 },
  crowd: { maxContainers: 1_000, scaledownWindow: 3_600 },
  page: { kind: 'web' },
} as const
const PAST_DAYS = 20

/** An installation whose store is a file and is counted, with one app. */
export class Scene implements AsyncDisposable {
  readonly installation: Installation
  readonly meter: Meter
  /** For what is told as of long ago. */
  readonly history = new History(Date.now() - PAST_DAYS * DAY_MS)
  readonly #store: SqliteStore
  readonly #folder: string
  #revisions = 0

  private constructor(folder: string, store: SqliteStore, meter: Meter, installation: Installation) {
    this.#folder = folder
    this.#store = store
    this.meter = meter
    this.installation = installation
  }

  static async open(): Promise<Scene> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-growth-'))
    const store = openStore(join(folder, 'store.db'))
    // How long a disk takes does not depend on how much there is.
    store.database.connection.exec('pragma synchronous = off')
    store.durable = async () => undefined
    const meter = new Meter(store)
    return new Scene(folder, store, meter, await install(meter.store))
  }

  /** Its functions, with one line changed. */
  revision() {
    this.#revisions += 1
    return { ...FUNCTIONS, work: { ...FUNCTIONS.work, env: { REVISION: String(this.#revisions) } } }
  }

  /** Puts much into the store. */
  async fill(work: (store: SqliteStore) => Promise<void>): Promise<void> {
    await work(this.#store)
    this.#store.database.commits.settle()
    this.#store.database.connection.exec('pragma wal_checkpoint(truncate)')
  }

  /** @param versions that it has had before */
  async deployApp(versions: number): Promise<void> {
    await this.fillVersions(versions)
    await deployApp(this.installation, SUBJECT, this.revision())
  }

  /** So many more versions of the app, each of which was live. */
  async fillVersions(count: number): Promise<void> {
    await this.fill(async (store) => {
      for (let i = 0; i < count; i++) {
        const functions = this.revision()
        const manifest = Manifest.parse(await manifestOf(this.installation, SUBJECT, functions))
        await deploy(store, this.history, { ...draft(this.history, SUBJECT, functions), manifest })
      }
    })
  }

  async liveVersion(): Promise<number> {
    return (await this.#store.app(KEY))?.liveVersion ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.installation.close()
    await rm(this.#folder, { recursive: true })
  }
}
