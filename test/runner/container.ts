import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, type TestContext } from 'node:test'
import { bundleRunner } from '../../platforms/local/compute/runner-bundle.ts'
import { toVariables } from '../../protocol/environment.ts'
import { LogLine } from '../../protocol/log-line.ts'
import { Changes } from './changes.ts'
import { type Assignment, ControlPlane } from './control-plane.ts'

const BUNDLES = join(import.meta.dirname, '../fixtures/bundles')

const work = mkdtempSync(join(tmpdir(), 'sluice-runner-'))
const bundled = bundleRunner(join(work, 'runner'))
after(() => rmSync(work, { recursive: true, force: true }))

/** The real runner in a process of its own, with what it printed. */
export class Container {
  readonly process: ChildProcess
  readonly logs: LogLine[] = []
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  readonly #changes = new Changes()

  constructor(main: string, plane: ControlPlane, memory?: number) {
    const root = mkdtempSync(join(work, 'root-'))
    const identity = {
      containerId: 'co-1',
      token: 'sct_co-1_secret',
      root,
      host: '127.0.0.1',
      port: 0,
      memory,
    }
    this.process = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, UNRELATED: 'x', ...toVariables({ apiUrl: plane.url, ...identity }) },
      stdio: ['ignore', 'pipe', 'inherit'],
      // In a group of its own, as a platform starts it, so that all of it can be ended.
      detached: true,
    })
    this.exited = once(this.process, 'exit').then(([code, signal]) => ({ code, signal }))
    if (!this.process.stdout) throw new Error('The runner has no output')
    createInterface(this.process.stdout).on('line', (line) => {
      this.logs.push(LogLine.parse(JSON.parse(line)))
      this.#changes.tell()
    })
  }

  /** Ends all that is left of it: a process that is blocked does not notice that its supervisor has gone. */
  end(): void {
    const { pid } = this.process
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  until(isTrue: () => boolean): Promise<void> {
    return this.#changes.until(isTrue)
  }

  /** The first line of its log that contains this. */
  async logged(text: string): Promise<LogLine> {
    const find = () => this.logs.find(({ line }) => line.includes(text))
    await this.#changes.until(() => find() !== undefined)
    return find() as LogLine
  }
}

interface Start extends Omit<Assignment, 'files'> {
  /** One of the fixtures. */
  bundle?: string
  /** Instead of a fixture: the first is the bundle. */
  files?: Assignment['files']
  /** Whether whoever launches it says how much memory it has, as the platforms do. */
  knowsMemory?: boolean
  /** Prepares the control plane before the container first asks it. */
  configure?: (plane: ControlPlane) => void
}

/** A container under a control plane of its own; both end with the test. */
export async function startContainer(
  t: TestContext,
  { bundle = '', files = filesOf(bundle), configure, knowsMemory = true, ...assignment }: Start,
): Promise<{ plane: ControlPlane; container: Container }> {
  const plane = new ControlPlane({ ...assignment, files })
  configure?.(plane)
  await plane.listen()
  const { main } = await bundled
  const container = new Container(main, plane, knowsMemory ? (assignment.spec?.memory ?? 512) : undefined)
  t.after(async () => {
    container.end()
    await container.exited
    await plane.goAway()
  })
  return { plane, container }
}

function filesOf(bundle: string): Record<string, string> {
  const read = (name: string) => readFileSync(join(BUNDLES, name), 'utf8')
  return { [bundle]: read(bundle), 'author.mjs': read('author.mjs') }
}
