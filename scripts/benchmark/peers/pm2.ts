import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../program.ts'
import { pm2 } from './packages.ts'

/** The least with which it can reload without a gap. */
const PROCESSES = '2'

/** A pm2 of the benchmark's own that runs a program in a cluster. */
export class Pm2 implements AsyncDisposable {
  readonly port: number
  readonly #folder: string

  private constructor(port: number, folder: string) {
    this.port = port
    this.#folder = folder
  }

  static async start(program: string, variables: Record<string, string>): Promise<Pm2> {
    const it = new Pm2(await freePort(), await mkdtemp(join(tmpdir(), 'sluice-pm2-')))
    await it.#run(['start', program, '--name', 'bench', '-i', PROCESSES], variables)
    return it
  }

  /** Returns when its command does. */
  reload(variables: Record<string, string>): Promise<void> {
    return this.#run(['reload', 'bench', '--update-env'], variables)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run(['kill'], {})
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #run(args: string[], variables: Record<string, string>): Promise<void> {
    const env = { ...process.env, ...variables, PM2_HOME: this.#folder, PORT: String(this.port) }
    await promisify(execFile)(process.execPath, [pm2(), ...args], { env })
  }
}
