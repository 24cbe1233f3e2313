import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../../../test/e2e/reached.ts'
import { freePort, Program } from '../program.ts'
import { isAnswering } from './answering.ts'
import type { Forwarder } from './forwarder.ts'

/** Its default of a second is mostly waiting. */
const HEALTH_CHECKS = ['--health-check-path', '/', '--health-check-interval', '100ms']

/** A kamal-proxy of the benchmark's own, on one core as the others are. It logs each request, which cannot be turned off. */
export class KamalProxy implements Forwarder {
  readonly port: number
  readonly #command: string
  readonly #folder: string
  readonly #program: Program

  private constructor(command: string, port: number, httpsPort: number, folder: string) {
    this.#command = command
    this.port = port
    this.#folder = folder
    const ports = ['--http-port', String(port), '--https-port', String(httpsPort)]
    this.#program = new Program(command, ['run', ...ports], { env: this.#environment })
  }

  static async start(command: string, target: number): Promise<KamalProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-kamal-'))
    const proxy = new KamalProxy(command, await freePort(), await freePort(), folder)
    await until('kamal-proxy to answer', () => isAnswering(proxy.port))
    await proxy.switchTo(target)
    return proxy
  }

  get pids(): number[] {
    return [this.#program.pid]
  }

  async switchTo(target: number): Promise<void> {
    const args = ['deploy', 'bench', '--target', `127.0.0.1:${target}`, ...HEALTH_CHECKS]
    await promisify(execFile)(this.#command, args, { env: this.#environment })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Where it keeps its state and the socket of its commands. */
  get #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      GOMAXPROCS: '1',
      HOME: this.#folder,
      XDG_CONFIG_HOME: this.#folder,
      XDG_RUNTIME_DIR: this.#folder,
    }
  }
}
