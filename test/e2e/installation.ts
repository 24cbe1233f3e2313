import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lastingPort } from '../fixtures/lasting-port.ts'
import { environment, MAIN, Reached, sluice, until } from './reached.ts'

const START_MS = 30_000

export interface Setting {
  /** Writes what is to be in the state folder before the control plane starts. */
  fill?: (dir: string) => Promise<void>
  /** Where the state folder is made, instead of among the temporary ones. */
  inside?: string
  /** Of the control plane's environment, beside those of a user who has never set anything. */
  variables?: Record<string, string>
  /** A program and its arguments, behind which the control plane's own follow. */
  under?: string[]
}

/** A local platform in a folder of its own, started and spoken to as a user would: by command line and HTTP. */
export class Installation extends Reached implements AsyncDisposable {
  readonly dir: string
  url = ''
  token = ''
  ingressPort = 0
  /** What the control plane is started with from now on. */
  setting: Setting
  readonly #options: string[]
  #process: ChildProcess | undefined
  #output = ''

  private constructor(dir: string, setting: Setting, options: string[]) {
    super()
    this.dir = dir
    this.setting = setting
    this.#options = options
  }

  /** @param options of `sluice up`, beside its folder and its ports */
  static start(...options: string[]): Promise<Installation> {
    return Installation.startIn({}, ...options)
  }

  /** @param fill writes what is to be in the state folder before the control plane starts */
  static startOn(fill: (dir: string) => Promise<void>, ...options: string[]): Promise<Installation> {
    return Installation.startIn({ fill }, ...options)
  }

  static async startIn(setting: Setting, ...options: string[]): Promise<Installation> {
    const installation = await Installation.make(setting, ...options)
    await installation.up()
    return installation
  }

  /** One that is still to be started. */
  static async make(setting: Setting, ...options: string[]): Promise<Installation> {
    const dir = join(await mkdtemp(join(setting.inside ?? tmpdir(), 'sluice-e2e-')), 'state')
    await setting.fill?.(dir)
    return new Installation(dir, setting, options)
  }

  /** Starts the control plane on the ports that it had before, or on others that last. */
  async up(): Promise<void> {
    const port = this.url ? new URL(this.url).port : await lastingPort()
    this.ingressPort ||= await lastingPort()
    const ports = ['--port', `${port}`, '--ingress-port', `${this.ingressPort}`]
    const args = ['up', '--dir', this.dir, ...ports]
    const { under = [], variables } = this.setting
    const [program = '', ...words] = [...under, process.execPath, MAIN, ...args, ...this.#options]
    const started = spawn(program, words, {
      env: { ...environment(), ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = started
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (data) => (this.#output += data))
    await until(
      'the control plane to start',
      async () => {
        if (hasEnded(started)) throw new Error(`sluice up ended at once:\n${this.#output}`)
        const file = await readFile(join(this.dir, 'control-plane.json'), 'utf8').catch(() => undefined)
        const found = file && JSON.parse(file)
        if (!found || found.pid !== started.pid) return false
        this.url = found.url
        this.token = (await readFile(join(this.dir, 'token'), 'utf8')).trim()
        return true
      },
      START_MS,
    )
  }

  /** What the control plane printed. */
  get output(): string {
    return this.#output
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  /** Resolves once the control plane's process has ended, of itself or not. */
  async ended(): Promise<void> {
    if (this.#process && !hasEnded(this.#process)) await once(this.#process, 'exit')
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' = 'SIGKILL'): Promise<void> {
    const running = this.#process
    if (!running || hasEnded(running)) return
    const exited = once(running, 'exit')
    running.kill(signal)
    await exited
  }

  /** As a browser finds `http://<label>.localhost`. */
  address(label: string): { origin: string; host: string } {
    const port = this.ingressPort
    return { origin: `http://127.0.0.1:${port}`, host: `${label}.localhost:${port}` }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGTERM')
    await sluice(['down', '--dir', this.dir], {})
    await rm(dirname(this.dir), { recursive: true, force: true })
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null
