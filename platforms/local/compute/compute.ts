import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import type { ProcessExit } from '../../../control/containers.ts'
import type { Compute, Launch, Launched } from '../../../control/ports.ts'
import { toVariables } from '../../../protocol/environment.ts'
import { openLog } from '../logs/files.ts'
import { ContainerFolders } from './folders.ts'
import { identify, isAlive, killGroup, type ProcessIdentity } from './processes.ts'

/** How often the processes of an earlier control plane are looked after: nobody tells us when they end. */
const WATCH_MS = 1_000
const SHELL = '/bin/sh'
/** Runs what follows once a line was read. Where none comes, the control plane died before it had noted the process. */
const ONCE_NOTED = ['-c', 'read -r word && unset PWD OLDPWD SHLVL && exec "$@" < /dev/null', 'sh']
/** What containers get of the control plane's own environment: what tells of the machine, not of the control plane. */
const HOST_VARIABLES = ['PATH', 'HOME', 'LANG', 'TMPDIR']

interface ComputeOptions {
  /** The state folder. */
  dir: string
  /** Base address of the control plane, asked at each launch: its port may not be known before. */
  apiUrl: () => string
  /** The program that every container runs. */
  runner: { path: string }
  /** The control plane's environment. */
  variables: Record<string, string | undefined>
  /** Told of every container whose process ended, until it does not throw; if need be, after a restart. */
  onExit: (containerId: string, exit: ProcessExit) => Promise<void>
  /** Told when `onExit` failed. */
  onError: (error: unknown, containerId: string) => void
}

interface Watched {
  identity: ProcessIdentity
  /** How it ended, where that is known. */
  exit: ProcessExit
}

/**
 * A process for each container, in a process group of its own. They outlive the control plane: they write to their logs
 * by themselves, and the next control plane finds them by their folders.
 */
export class LocalCompute implements Compute {
  readonly #options: ComputeOptions
  readonly #folders: ContainerFolders
  /** Processes of an earlier control plane, and dead ones whose end could not be told. */
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: ComputeOptions) {
    this.#options = options
    this.#folders = new ContainerFolders(options.dir)
  }

  /** @throws Error if the process cannot be started. */
  async launch(launch: Launch): Promise<Launched> {
    const { id } = launch.container
    const known = this.#folders.read(id)
    if (known && isAlive(known)) return { kind: 'launched' }
    let child: ChildProcess | undefined
    try {
      child = this.#spawn(launch)
      if (child.pid === undefined) throw (await once(child, 'error'))[0]
      this.#remember(id, child, child.pid)
      letGo(child)
      return { kind: 'launched' }
    } catch (error) {
      child?.kill('SIGKILL')
      await this.#folders.remove(id)
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`The process of container ${id} could not be started: ${why}`, { cause: error })
    }
  }

  async stop(id: string): Promise<'stopping' | 'gone'> {
    const identity = this.#folders.read(id)
    if (!identity || !isAlive(identity)) return 'gone'
    killGroup(identity)
    return 'stopping'
  }

  /**
   * Takes over what an earlier control plane launched, and tells of those that have ended since. Those that look for
   * their control plane at another address would never find this one: they end.
   */
  async adopt(ids: string[]): Promise<void> {
    for (const id of ids) {
      const launched = this.#folders.read(id)
      if (!launched) continue
      if (launched.apiUrl !== this.#options.apiUrl()) await this.#folders.kill(id)
      this.#watched.set(id, { identity: launched, exit: {} })
    }
    await this.#lookAfter()
  }

  /** Ends whatever runs here and should not, according to the store. */
  async reap(liveIds: string[]): Promise<void> {
    const live = new Set(liveIds)
    const strays = this.#folders.list().filter((id) => !live.has(id))
    await Promise.all(strays.map((id) => this.#folders.kill(id)))
    await Promise.all(strays.map((id) => this.#folders.remove(id)))
  }

  /** Looks after nothing any more. What runs goes on to run. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #spawn({ container, spec, token }: Launch): ChildProcess {
    const { dir, apiUrl, runner, variables } = this.#options
    const root = this.#folders.createRoot(container.id)
    const log = openLog(dir, { ...container, container: container.id })
    try {
      return spawn(SHELL, [...ONCE_NOTED, process.execPath, runner.path], {
        cwd: root,
        detached: true,
        stdio: ['pipe', log, log],
        env: {
          ...Object.fromEntries(HOST_VARIABLES.map((name) => [name, variables[name]])),
          ...toVariables({
            apiUrl: apiUrl(),
            containerId: container.id,
            token,
            root,
            host: '127.0.0.1',
            port: 0,
            memory: spec.memory,
          }),
        },
      })
    } finally {
      closeSync(log)
    }
  }

  /** In the same breath as the launch: no second one comes in between. */
  #remember(id: string, child: ChildProcess, pid: number): void {
    const identity = identify(pid)
    this.#folders.record(id, { ...identity, apiUrl: this.#options.apiUrl() })
    child.unref()
    child.once('exit', (code, signal) => {
      const exit = { code: code ?? undefined, signal: signal ?? undefined }
      void this.#tell(id, { identity, exit })
    })
  }

  /** Only those that cannot be waited for are watched, so mostly nothing is. */
  async #lookAfter(): Promise<void> {
    const ended = [...this.#watched].filter(([, { identity }]) => !isAlive(identity))
    for (const [id] of ended) this.#watched.delete(id)
    await Promise.all(ended.map(([id, watched]) => this.#tell(id, watched)))
    this.#watch()
  }

  #watch(): void {
    clearTimeout(this.#timer)
    if (this.#closed || this.#watched.size === 0) return
    this.#timer = setTimeout(() => this.#lookAfter(), WATCH_MS).unref()
  }

  /** The folder goes last: until then the next control plane would tell again. */
  async #tell(id: string, ended: Watched): Promise<void> {
    if (this.#closed) return
    try {
      killGroup(ended.identity)
      await this.#options.onExit(id, ended.exit)
      await this.#folders.remove(id)
    } catch (error) {
      this.#watched.set(id, ended)
      this.#watch()
      this.#options.onError(error, id)
    }
  }
}

function letGo({ stdin }: ChildProcess): void {
  // One that died at once is told of by its exit.
  stdin?.on('error', () => undefined).end('\n')
}
