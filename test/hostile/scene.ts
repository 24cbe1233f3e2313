import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { Pool } from 'undici'
import { containerToken } from '../../control/access.ts'
import { openKeys } from '../../platforms/local/keys.ts'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import type { Answer } from './answers.ts'
import { Fitting } from './fitting.ts'
import { Furnishing, SHOP } from './furnishing.ts'
import type { GeneratedRequest, Sender } from './generated-request.ts'
import { DEFINITIONS } from './openapi.ts'
import { StoreWatch } from './store-watch.ts'
import { startWatched } from './vitals.ts'

const CONNECTIONS = 16
/** Nothing that is asked for here may be held for longer; what is never answered fails its test. */
const ANSWER_MS = 20_000
/** What is held by design, for as long as there is no work or no news. */
const HELD = new Set(['next', 'heartbeat', 'logs'])
const HELD_MS = 200
/** Goes on until its reader has had enough. */
const ENDLESS = 'text/event-stream'

const CRON = { type: 'cron', expression: '0 6 * * *', timezone: 'Europe/Paris' }
/** A thousand containers, a wait of half a minute, or mail to strangers would be harm done by the tests themselves. */
const TAMED = {
  minContainers: fc.constantFrom(0, 0, 1),
  maxContainers: fc.constantFrom(1, 2),
  bufferContainers: fc.constant(0),
  wait: fc.constantFrom(0, 0.02),
  webhook: fc.constant('http://127.0.0.1:1/'),
  follow: fc.constantFrom('false', 'no', '0', 'true'),
}
/** What hardly ever goes together by chance. */
const LIKELY = {
  cpu: fc.constantFrom(0.25, 0.25, 0.25, 1, 3),
  memory: fc.constantFrom(512, 512, 512, 2048, 513),
  kind: fc.constantFrom('plain', 'plain', 'web', 'scheduled'),
  schedule: fc.constantFrom(undefined, undefined, undefined, { type: 'period', seconds: 3600 }, CRON),
  check: fc.constantFrom(undefined, undefined, undefined, '/healthz', 'greet'),
  label: fc.constantFrom(undefined, undefined, undefined, 'shop-site', 'hostile'),
  requiresAuth: fc.constantFrom(undefined, undefined, false, true),
  authored: fc.constantFrom(undefined, undefined, ['minContainers']),
  expectVersion: fc.constantFrom(undefined, undefined, undefined, 2),
  argsBlob: fc.constantFrom(undefined, undefined, undefined, 'a'.repeat(64)),
  parent: fc.constantFrom(undefined, undefined, undefined, 'ca-1'),
  ephemeral: fc.constantFrom(undefined, undefined, undefined, { seconds: 600 }),
}

/** A local platform with a little of everything in it, and a way to send it anything. */
export class Scene implements AsyncDisposable {
  readonly installation: Installation
  readonly watch: StoreWatch
  readonly fitting: Fitting
  readonly #furnishing: Furnishing
  readonly #folder: AppFolder
  readonly #pool: Pool
  readonly #canary: string
  #container: string

  static async start(): Promise<Scene> {
    const installation = await startWatched(() => Installation.start())
    const folder = await AppFolder.create({ 'app.ts': SHOP })
    const canary = `canary-${randomUUID()}`
    const furnishing = await Furnishing.in(installation, folder, canary)
    const container = await furnishing.restore()
    const fitting = new Fitting(DEFINITIONS, await furnishing.known(container), { ...TAMED, ...LIKELY })
    return new Scene(installation, folder, furnishing, fitting, canary, container)
  }

  private constructor(
    installation: Installation,
    folder: AppFolder,
    furnishing: Furnishing,
    fitting: Fitting,
    canary: string,
    container: string,
  ) {
    this.installation = installation
    this.fitting = fitting
    this.watch = new StoreWatch(installation.dir)
    this.#folder = folder
    this.#furnishing = furnishing
    this.#canary = canary
    this.#container = container
    const timeouts = { headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS }
    this.#pool = new Pool(installation.url, { connections: CONNECTIONS, ...timeouts })
  }

  /** What no answer may show. */
  get secrets(): string[] {
    return [this.#canary, this.installation.token, this.#containerToken()]
  }

  /** Puts back what requests took away. */
  async restore(): Promise<void> {
    this.#container = await this.#furnishing.restore()
  }

  /**
   * @param mayBeHeld whether it fits, so that some need not be answered at once
   * @returns undefined for what was held until it was given up
   */
  async send(
    { operation, target, parts }: GeneratedRequest,
    mayBeHeld: boolean,
  ): Promise<Answer | undefined> {
    const token = this.#tokenOf(parts.sender)
    const signal = mayBeHeld && HELD.has(operation.id) ? AbortSignal.timeout(HELD_MS) : undefined
    try {
      const { statusCode, headers, body } = await this.#pool.request({
        method: parts.method as 'GET',
        path: target,
        headers: { ...parts.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: parts.body ?? null,
        ...(signal && { signal }),
      })
      const type = String(headers['content-type'] ?? '')
      if (type !== ENDLESS) return { status: statusCode, type, text: await body.text() }
      body.on('error', () => undefined).destroy()
      return { status: statusCode, type, text: '' }
    } catch (error) {
      if (signal?.aborted) return undefined
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy()
    await this.installation[Symbol.asyncDispose]()
    await this.#folder[Symbol.asyncDispose]()
  }

  #tokenOf(sender: Sender): string | undefined {
    switch (sender) {
      case 'admin':
        return this.installation.token
      case 'container':
        return this.#containerToken()
      case 'forger':
        return `${this.#containerToken()}0`
      case 'nobody':
        return undefined
    }
  }

  #containerToken(): string {
    return containerToken(openKeys(this.installation.dir), this.#container)
  }
}
