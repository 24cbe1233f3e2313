import type { VersionView } from '../protocol/api.ts'
import { HttpError } from '../protocol/http.ts'
import type { Api } from '../sdk/api.ts'
import { DeployFault } from '../sdk/deploy/fault.ts'
import { type Prepared, prepare } from '../sdk/deploy/prepare.ts'
import { UnreachableError } from '../sdk/errors.ts'
import { FAILED } from './conventions.ts'
import {
  deployEphemeral,
  type Ephemeral,
  endEphemeral,
  keepAlive,
  personalSuffix,
  renamed,
  suffixed,
} from './ephemeral.ts'
import { reportFailure } from './failure.ts'
import { FileChanges } from './file-changes.ts'
import { unlessAborted } from './interruption.ts'
import { LogPrinter } from './log-columns.ts'
import { followLogs, MOST_LINES } from './log-lines.ts'
import { reportFailed } from './rollout.ts'
import { clearStatus, print, printDone, printNote, showStatus } from './terminal.ts'
import { deployTree } from './tree.ts'

/** What the author can mend, or time does: whoever serves waits for it. */
const PASSING = [DeployFault, HttpError, UnreachableError]

export interface ServingOptions {
  api: Api
  file: string
  name: string | undefined
  leaseSeconds: number
  /** Whether programs read along: a line of JSON for each version and each line of the log. */
  json: boolean
}

/** An app that is tried out: deployed anew as its files change, and gone with whoever serves it. */
export class Serving {
  readonly #options: ServingOptions
  readonly #suffix = personalSuffix()
  #served: VersionView | undefined
  /** Whether the app is one's own to stop. */
  #isOurs = false

  constructor(options: ServingOptions) {
    this.#options = options
  }

  /** Returns once it was interrupted and the app is told to stop; or where there is nothing to serve to begin with. */
  async run(interrupted: AbortSignal): Promise<void> {
    const { api } = this.#options
    using changes = new FileChanges()
    const first = await unlessAborted(this.#prepare(interrupted), interrupted)
    if (!first) return
    const ephemeral = this.#ephemeral(first.prepared)
    const over = new AbortController()
    const alive = keepAlive(api, ephemeral, over.signal, () => changes.note())
    let logs: Promise<void> | undefined
    try {
      await changes.watch(first.prepared.sources, first.readAt)
      if (!(await unlessAborted(this.#deploy(first.prepared, ephemeral, interrupted), interrupted))) return
      logs = this.#followLogs(ephemeral, over.signal)
      for (;;) {
        await changes.next(interrupted)
        if (interrupted.aborted) return
        await unlessAborted(this.#again(ephemeral, changes, interrupted), interrupted)
      }
    } finally {
      over.abort()
      if (this.#isOurs) await endEphemeral(api, ephemeral, 'nobody serves it any longer')
      await Promise.all([alive, logs])
      if (this.#isOurs && !this.#options.json) printNote(`\n${ephemeral.app} is stopped.`)
    }
  }

  async #again(ephemeral: Ephemeral, changes: FileChanges, interrupted: AbortSignal): Promise<void> {
    try {
      const { prepared, readAt } = await this.#prepare(interrupted)
      await changes.watch(prepared.sources, readAt)
      await this.#deploy(prepared, ephemeral, interrupted)
    } catch (error) {
      if (interrupted.aborted) return
      told(error)
      changes.countAnything()
    }
  }

  async #prepare(signal: AbortSignal): Promise<{ prepared: Prepared; readAt: number }> {
    const readAt = Date.now()
    showStatus('Bundling…')
    const color = process.stderr.isTTY && process.stderr.hasColors()
    const prepared = await prepare(this.#options.file, { color, signal })
    if (prepared.warnings) printNote(prepared.warnings)
    const app = this.#options.name ?? suffixed(prepared.manifest.app, this.#suffix)
    return { prepared: renamed(prepared, app, this.#suffix), readAt }
  }

  #ephemeral({ manifest }: Prepared): Ephemeral {
    const { api, leaseSeconds } = this.#options
    return { app: manifest.app, env: api.config.env, leaseSeconds }
  }

  /** @returns whether anything is served now */
  async #deploy(prepared: Prepared, ephemeral: Ephemeral, interrupted: AbortSignal): Promise<boolean> {
    const startedAt = performance.now()
    showStatus('Deploying…')
    const version = await deployEphemeral(this.#options.api, prepared, ephemeral, () => {
      this.#isOurs = true
    })
    // Whoever has had enough does not want to hear what became of it.
    if (interrupted.aborted) return false
    clearStatus()
    if (this.#options.json) print(JSON.stringify(version))
    else this.#report(version, prepared, startedAt)
    if (version.liveAt !== undefined) this.#served = version
    else if (!this.#served) process.exitCode = FAILED
    return this.#served !== undefined
  }

  #report(version: VersionView, { manifest }: Prepared, startedAt: number): void {
    if (version.liveAt === undefined) {
      reportFailed(version, this.#served?.version)
      return
    }
    if (!this.#served) {
      for (const line of deployTree(manifest.functions, version.urls)) print(line)
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    const next = this.#served ? '' : ' Change a file to deploy it anew, or press Ctrl-C to end.'
    if (version.version !== this.#served?.version)
      printDone(`v${version.version} of ${version.app} live in ${seconds}s.${next}`)
  }

  async #followLogs({ app, env }: Ephemeral, signal: AbortSignal): Promise<void> {
    const printer = new LogPrinter({ columns: ['function', 'version'], timestamps: false })
    const since = this.#served?.deployedAt
    const request = { params: { app }, query: { env, since, tail: MOST_LINES } }
    const { api, json } = this.#options
    const follow = followLogs(
      api,
      request,
      (line, text) => {
        // What Sluice tells of a rollout is told above.
        if (line.source !== 'system') print(json ? text : printer.shown(line))
      },
      signal,
    )
    await follow.catch((error) => {
      if (!signal.aborted) told(error)
    })
  }
}

/** Says what went wrong, and goes on; what nobody foresaw ends the command. */
function told(error: unknown): void {
  clearStatus()
  if (!PASSING.some((kind) => error instanceof kind)) throw error
  reportFailure(error, {})
}
