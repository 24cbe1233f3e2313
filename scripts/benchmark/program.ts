import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

/** Milliseconds that a program has to end by itself. */
const END_MS = 5_000

/** A process that others are measured against, or with. */
export class Program implements AsyncDisposable {
  readonly process: ChildProcess

  constructor(command: string, args: string[], options: SpawnOptions = {}) {
    this.process = spawn(command, args, { stdio: 'ignore', ...options })
    this.process.on('error', () => undefined)
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  get hasEnded(): boolean {
    return !this.process.pid || this.process.exitCode !== null || this.process.signalCode !== null
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.hasEnded) return
    const ended = once(this.process, 'exit')
    this.process.kill(signal)
    const patience = setTimeout(() => this.process.kill('SIGKILL'), END_MS)
    await ended
    clearTimeout(patience)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}

/** One of ours in `programs/`; it is there once it has said its first line, which is its port or a word. */
export async function started(
  name: string,
  args: string[] = [],
  variables: Record<string, string> = {},
): Promise<{ program: Program; said: string } & AsyncDisposable> {
  const path = join(import.meta.dirname, 'programs', name)
  const program = new Program(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  })
  const { stdout } = program.process
  if (!stdout) throw new Error(`${name} has no output to say its port on.`)
  for await (const said of createInterface({ input: stdout })) {
    return { program, said, [Symbol.asyncDispose]: () => program.end() }
  }
  throw new Error(`The benchmark's own program ${name} ended before it was ready.`)
}

/** Where a program of somebody else is, if it is on this machine. */
export function onPath(name: string): string | undefined {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** For programs that cannot be told to take any. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
