import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerView } from '../../protocol/api.ts'
import type { Random } from '../../test/simulation/random.ts'
import { APP } from './app.ts'
import type { Field } from './field.ts'

const BETWEEN_CONTAINERS_MS = { least: 1_000, most: 4_000 } as const
const BETWEEN_CONTROL_PLANES_MS = { least: 8_000, most: 20_000 } as const

/** Kills containers, and the control plane, which is started again at once. */
export class Killer {
  readonly #field: Field
  /** When the last control plane is killed, milliseconds since the epoch: what it needs is looked at from then on. */
  readonly #spareAfter: number
  readonly #calm = Promise.withResolvers<void>()

  constructor(field: Field, spareAfter: number) {
    this.#field = field
    this.#spareAfter = spareAfter
  }

  /** Once no control plane is killed any more. */
  get calm(): Promise<void> {
    return this.#calm.promise
  }

  async run(): Promise<void> {
    await Promise.all([this.#killContainers(), this.#killControlPlanes().finally(this.#calm.resolve)])
  }

  async #killContainers(): Promise<void> {
    const random = this.#field.random('containers')
    while (!this.#field.isOver) {
      await pause(random, BETWEEN_CONTAINERS_MS)
      const { body } = await this.#field.ask('GET', `/v1/apps/${APP}/containers?limit=100`)
      // One that dies as it starts is a failed start, and of those few end a rollout, as they are to.
      const ripe = (body.items as ContainerView[]).filter(({ state }) => state !== 'starting')
      const victim = random.pick(ripe)
      if (victim) await this.#killContainer(victim)
    }
  }

  async #killContainer({ id, function: name, state }: ContainerView): Promise<void> {
    const { kills, ledger, installation } = this.#field
    try {
      const file = join(installation.dir, 'containers', id, 'process.json')
      const { pid } = JSON.parse(await readFile(file, 'utf8'))
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has left by itself meanwhile.
      return
    }
    kills.containerKilled(name)
    ledger.count(`${state} containers killed`)
  }

  async #killControlPlanes(): Promise<void> {
    const { installation, kills, ledger } = this.#field
    const random = this.#field.random('control planes')
    for (;;) {
      const wait = random.between(BETWEEN_CONTROL_PLANES_MS.least, BETWEEN_CONTROL_PLANES_MS.most)
      if (Date.now() + wait > this.#spareAfter || this.#field.isOver) return
      await sleep(wait)
      const back = kills.outage()
      await installation.kill('SIGKILL')
      const killed = Date.now()
      await installation.up()
      back()
      ledger.count('control planes killed')
      ledger.took('a start of the control plane', Date.now() - killed)
    }
  }
}

const pause = (random: Random, { least, most }: { least: number; most: number }): Promise<void> =>
  sleep(random.between(least, most))
