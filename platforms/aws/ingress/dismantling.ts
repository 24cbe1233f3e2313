import { setTimeout as sleep } from 'node:timers/promises'
import { ResourceInUseException } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Groups } from './groups.ts'
import { HOLD_MS } from './hold.ts'
import { Holding, heldFrom, isHeld } from './holding.ts'
import type { EndpointItem, SlotName } from './items.ts'
import type { Names } from './names.ts'
import type { Records } from './records.ts'
import type { Rules } from './rules.ts'
import type { Targets } from './targets.ts'

const RETRY_MS = 250
/** A load balancer takes a moment to see that a rule, which is deleted, does not use a group any more. */
const IN_USE_MS = 10_000

export interface DismantlingOptions {
  records: Records
  rules: Rules
  groups: Groups
  targets: Targets
  names: Names
  goneOf: (containers: string[]) => Promise<Set<string>>
  now: () => number
  /** What the load balancer's nodes may take to act on a change of a rule. */
  applyMs: number
}

/** Takes endpoints down: their addresses at once, what they are made of once no request can be in it. */
export class Dismantling {
  readonly #means: DismantlingOptions

  constructor(means: DismantlingOptions) {
    this.#means = means
  }

  /** In the name of a turn: where the endpoint was pointed in a higher one meanwhile, that stands. */
  async dismantle(endpoint: EndpointItem, turn: number): Promise<void> {
    if (endpoint.removed && !(await this.#isEmpty(endpoint))) return
    const held = await this.#hold(endpoint, turn)
    if (!held) return
    if (!held.endpoint.removed) await this.#withdraw(held)
    if (await this.#isEmpty(held.endpoint)) await this.#demolish(held)
    else await held.letGo()
  }

  async #withdraw(held: Holding): Promise<void> {
    const { rules, names, targets, applyMs } = this.#means
    const { endpoint } = held
    await rules.delete(endpoint)
    await names.remove(endpoint)
    await sleep(applyMs)
    await targets.release(targetsOf(endpoint).flatMap(({ container, out }) => (out ? [] : [container])))
    const { a, b } = endpoint.slots
    await held.note({
      removed: true,
      ruleArn: undefined,
      aliasRule: undefined,
      serving: 'activator',
      slots: { ...(a && { a: withdrawn(a) }), ...(b && { b: withdrawn(b) }) },
    })
  }

  async #demolish(held: Holding): Promise<void> {
    for (const name of Object.keys(held.endpoint.slots))
      await this.#deleteGroup(held.endpoint, name as SlotName)
    await this.#means.records.forget(held.endpoint)
  }

  async #deleteGroup(endpoint: EndpointItem, name: SlotName): Promise<void> {
    for (let waited = 0; ; waited += RETRY_MS) {
      try {
        return await this.#means.groups.delete(endpoint, name)
      } catch (error) {
        if (!(error instanceof ResourceInUseException) || waited >= IN_USE_MS) throw error
      }
      await sleep(RETRY_MS)
    }
  }

  /** Waits for whoever holds it; undefined where there is nothing to take down any more. */
  async #hold(seen: EndpointItem, turn: number): Promise<Holding | undefined> {
    const { records, now } = this.#means
    const [env = '', app = ''] = seen.owner.split('/')
    for (let waited = 0; waited <= HOLD_MS + RETRY_MS; waited += RETRY_MS) {
      const endpoint = await records.endpoint({ env, app, label: seen.label })
      if (!endpoint || endpoint.turn > turn) return undefined
      const next = heldFrom(endpoint, now())
      if (!isHeld(endpoint, now()) && (await records.save(next))) return new Holding(records, now, next)
      await sleep(RETRY_MS)
    }
    throw new Error(
      `Somebody else changes the endpoint ${seen.label} all the time; it is tried again by itself.`,
    )
  }

  async #isEmpty(endpoint: EndpointItem): Promise<boolean> {
    const containers = targetsOf(endpoint).map(({ container }) => container)
    return (await this.#means.goneOf(containers)).size === containers.length
  }
}

const targetsOf = ({ slots: { a, b } }: EndpointItem) => [...(a?.targets ?? []), ...(b?.targets ?? [])]

function withdrawn<Slot extends EndpointItem['slots']['a'] & object>(slot: Slot): Slot {
  return { ...slot, attached: false, targets: slot.targets.map((target) => ({ ...target, out: true })) }
}
