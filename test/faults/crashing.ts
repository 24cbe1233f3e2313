import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Installation } from '../e2e/installation.ts'
import type { CrashPlan } from './switches/points.ts'

const [CRASH, CLOCK] = ['crash-at-writes.ts', 'clock-ahead.ts'].map(
  (name) => pathToFileURL(join(import.meta.dirname, 'switches', name)).href,
)

/** What became of an act: the writes that were passed, by name, and whether the last one was the control plane's end. */
export interface Crash {
  points: string[]
  crashed: boolean
}

/** Has control planes die at points of their own choosing, from outside: by a folder that the switch in them looks into. */
export class Crashing implements AsyncDisposable {
  readonly #folder: string
  #plans = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async create(): Promise<Crashing> {
    return new Crashing(await mkdtemp(join(tmpdir(), 'sluice-faults-')))
  }

  /** What loads the switch into a control plane, and makes it start sooner the second time. */
  get variables(): Record<string, string> {
    return {
      NODE_OPTIONS: `--import ${CRASH} --import ${CLOCK}`,
      NODE_COMPILE_CACHE: join(this.#folder, 'compiled'),
      FAULTS_FOLDER: this.#folder,
    }
  }

  /**
   * Lets something happen while the control plane is to die at a point of it; where it does, it is started again.
   * @param crashAt 1 for the first point; without it points are only counted
   */
  async during(
    installation: Installation,
    crashAt: number | undefined,
    act: () => Promise<void>,
  ): Promise<Crash> {
    return this.#watch(installation, await this.#plan(crashAt), act)
  }

  /** As `during`, from the start of the control plane on. */
  async starting(
    installation: Installation,
    crashAt: number | undefined,
    act: () => Promise<void>,
  ): Promise<Crash> {
    const id = await this.#plan(crashAt)
    try {
      await installation.up()
    } catch {
      await this.#forget()
      await installation.up()
      await act()
      return { points: await this.#points(id), crashed: true }
    }
    return this.#watch(installation, id, act)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #watch(installation: Installation, id: number, act: () => Promise<void>): Promise<Crash> {
    let crashed = false
    let isOver = false
    const revived = installation.ended().then(async () => {
      if (isOver) return
      crashed = true
      await this.#forget()
      await installation.up()
    })
    try {
      await Promise.race([act(), revived.then(() => new Promise<never>(() => undefined))])
    } catch (error) {
      isOver = true
      // Whoever disposes of it next must find the one that is running.
      if (crashed) await revived.catch(() => undefined)
      throw new Error(`It died at ${(await this.#points(id)).at(-1)}, and then: ${error}`, { cause: error })
    } finally {
      isOver = true
    }
    await this.#forget()
    // It may have read the plan just before that was forgotten.
    const isAlive = crashed || (await answers(installation))
    if (!isAlive) {
      await installation.ended()
      await installation.up()
    }
    if (crashed) await revived
    crashed ||= !isAlive
    return { points: await this.#points(id), crashed }
  }

  async #plan(crashAt: number | undefined): Promise<number> {
    this.#plans += 1
    const plan: CrashPlan = { id: this.#plans, ...(crashAt !== undefined && { crashAt }) }
    const draft = join(this.#folder, 'plan.json.new')
    await writeFile(draft, JSON.stringify(plan))
    await rename(draft, join(this.#folder, 'plan.json'))
    return plan.id
  }

  #forget(): Promise<void> {
    return rm(join(this.#folder, 'plan.json'), { force: true })
  }

  async #points(id: number): Promise<string[]> {
    const text = await readFile(join(this.#folder, `points-${id}`), 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }
}

const answers = (installation: Installation): Promise<boolean> =>
  installation.api('GET', '/healthz').then(
    () => true,
    () => false,
  )
