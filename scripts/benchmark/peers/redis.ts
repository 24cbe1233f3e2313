import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../../test/e2e/reached.ts'
import { freePort, Program } from '../program.ts'
import { isAnswering } from './answering.ts'

/** A Redis of the benchmark's own, which keeps nothing on disk: the quickest that it can be. */
export class Redis implements AsyncDisposable {
  readonly port: number
  readonly #program: Program
  readonly #folder: string

  private constructor(port: number, program: Program, folder: string) {
    this.port = port
    this.#program = program
    this.#folder = folder
  }

  static async start(command: string): Promise<Redis> {
    const [folder, port] = [await mkdtemp(join(tmpdir(), 'sluice-redis-')), await freePort()]
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const redis = new Redis(port, new Program(command, [...options, '--dir', folder]), folder)
    await until('Redis to start', () => redis.#answers())
    return redis
  }

  get pid(): number {
    return this.#program.pid
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #answers(): Promise<boolean> {
    if (this.#program.hasEnded) throw new Error('redis-server ended at once.')
    return isAnswering(this.port)
  }
}
