import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallView, ContainerView } from '../../protocol/api.ts'
import type { Installation } from './installation.ts'
import { type FoundProcess, isRunning, processesOf } from './processes.ts'
import { until } from './reached.ts'

export const CONTAINERS = 4
export const CONCURRENCY = 5

/**
 * An app to kill things of. Each execution of `work` notes that it begins and ends, in which process; `busy` starts a
 * process and never returns. No container leaves because it is idle, however long a test takes.
 * @param change is run as the file is loaded
 */
export const hardySource = (change = '') => `
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('hardy')
const opened = async (gate: string) => {
  while (!existsSync(gate)) await sleep(20)
}
${change}
export const work = app.function(
  { concurrency: ${CONCURRENCY}, maxContainers: ${CONTAINERS}, scaledownWindow: '30m' },
  async (n: number, log: string, gate: string) => {
    appendFileSync(log, 'begin ' + n + ' ' + process.pid + '\\n')
    await opened(gate)
    appendFileSync(log, 'end ' + n + ' ' + process.pid + '\\n')
    return n
  },
)

export const web = app.web({ minContainers: 1 }, () => new Response(process.env.SLUICE_VERSION))

export const hello = app.function({ scaledownWindow: '30m' }, async () => 'hello')

export const busy = app.function({ scaledownWindow: '30m' }, async () => {
  const helper = spawn('sleep', ['1000'], { stdio: 'ignore' })
  await new Promise(() => helper)
})

export default app
`

/** The app where it is deployed, and what runs of it. */
export class HardyApp {
  readonly #installation: Installation

  constructor(installation: Installation) {
    this.#installation = installation
  }

  /** Calls `work`, each to end once `<log>.open` is there. */
  async spawnCalls(log: string, count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, n) => n)
    return Promise.all(numbers.map((n) => this.#spawn('work', [n, log, `${log}.open`])))
  }

  spawnBusy(): Promise<string> {
    return this.#spawn('busy', [])
  }

  async ended(id: string): Promise<CallView> {
    for (;;) {
      const { body } = await this.#installation.api('GET', `/v1/calls/${id}?wait=20`)
      if (body.endedAt !== undefined) return body
    }
  }

  async containers(...options: string[]): Promise<ContainerView[]> {
    return (await this.#installation.json('container', 'list', 'hardy', ...options)).items
  }

  /** The process of each container, as the platform has noted it; all of them live. */
  async pidsByContainer(): Promise<Map<string, number>> {
    const pids = new Map<string, number>()
    await until('every container to have its process', async () => {
      pids.clear()
      for (const { id } of await this.containers()) {
        const pid = await this.#pidOf(id)
        if (pid === undefined || !(await isRunning(pid))) return false
        pids.set(id, pid)
      }
      return true
    })
    return pids
  }

  async parentOf(pid: number): Promise<number> {
    const found = (await this.#processes()).find((process) => process.pid === pid)
    return found?.parent ?? assert.fail(`process ${pid} is gone`)
  }

  /** The one process that the author's code has started. */
  async untilHelper(): Promise<FoundProcess> {
    let found: FoundProcess[] = []
    await until('the author’s code to start a process', async () => {
      found = (await this.#processes()).filter(({ command }) => command.startsWith('sleep'))
      return found.length === 1
    })
    return found[0] ?? assert.fail()
  }

  /** Undefined while it is about to be started, and once it is about to be struck off. */
  async #pidOf(container: string): Promise<number | undefined> {
    const file = join(this.#installation.dir, 'containers', container, 'process.json')
    const text = await readFile(file, 'utf8').catch(() => undefined)
    return text && JSON.parse(text).pid
  }

  #processes(): Promise<FoundProcess[]> {
    return processesOf(this.#installation.dir)
  }

  async #spawn(name: string, args: unknown[]): Promise<string> {
    const path = `/v1/apps/hardy/functions/${name}/calls`
    return (await this.#installation.api('POST', path, { args })).body.id
  }
}
