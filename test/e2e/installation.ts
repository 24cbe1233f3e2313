import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { environment, MAIN, Reached, sluice, until } from './reached.ts'

const START_MS = 30_000

/** A local platform in a folder of its own, started and spoken to as a user would: by command line and HTTP. */
export class Installation extends Reached implements AsyncDisposable {
  readonly dir: string
  url = ''
  token = ''
  ingressPort = 0
  readonly #options: string[]
  #process: ChildProcess | undefined
  #output = ''

  private constructor(dir: string, options: string[]) {
    super()
    this.dir = dir
    this.#options = options
  }

  /** @param options of `sluice up`, beside its folder and its ports */
  static start(...options: string[]): Promise<Installation> {
    return Installation.startOn(async () => undefined, ...options)
  }

  /** @param fill writes what is to be in the state folder before the control plane starts */
  static async startOn(fill: (dir: string) => Promise<void>, ...options: string[]): Promise<Installation> {
    const dir = join(await mkdtemp(join(tmpdir(), 'sluice-e2e-')), 'state')
    await fill(dir)
    const installation = new Installation(dir, options)
    await installation.up()
    return installation
  }

  /** Starts the control plane on the ports that it had before, or on free ones. */
  async up(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0'
    const args = ['up', '--dir', this.dir, '--port', port, '--ingress-port', String(this.ingressPort)]
    const started = spawn(process.execPath, [MAIN, ...args, ...this.#options], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = started
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (data) => (this.#output += data))
    await until(
      'the control plane to start',
      async () => {
        if (started.exitCode !== null) throw new Error(`sluice up ended at once:\n${this.#output}`)
        const file = await readFile(join(this.dir, 'control-plane.json'), 'utf8').catch(() => undefined)
        const found = file && JSON.parse(file)
        if (!found || found.pid !== started.pid) return false
        this.url = found.url
        this.ingressPort = Number(new URL(found.ingressUrl).port)
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

  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' = 'SIGKILL'): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null || running.signalCode !== null) return
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
