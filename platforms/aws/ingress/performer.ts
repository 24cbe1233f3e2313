import type { Target } from '../../../control/ports.ts'
import type { Groups } from './groups.ts'
import type { Change, Holding } from './holding.ts'
import type { EndpointItem, Registered, Slot, SlotName } from './items.ts'
import type { Names } from './names.ts'
import { aliasPriority, type Rules } from './rules.ts'
import type { Act } from './steps.ts'
import type { Targets } from './targets.ts'

export interface PerformerOptions {
  rules: Rules
  groups: Groups
  targets: Targets
  names: Names
  now: () => number
}

/**
 * Performs the steps. What may be made is noted before, and that it was made after: a process can die between any two
 * lines, and the next one does the step again.
 */
export class Performer {
  readonly #means: PerformerOptions

  constructor(means: PerformerOptions) {
    this.#means = means
  }

  async perform(held: Holding, step: Act): Promise<void> {
    switch (step.do) {
      case 'makeRule':
        return this.#makeRule(held)
      case 'makeAlias':
        return this.#makeAlias(held, step.label)
      case 'dropAlias':
        return this.#dropAlias(held)
      case 'makeGroup':
        return this.#makeGroup(held, step.slot, step.version)
      case 'admit':
        return this.#admit(held, step.slot, step.targets)
      case 'dismiss':
        return this.#dismiss(held, step.slot, step.targets)
      case 'route':
        return this.#route(held, step.to)
      case 'release':
        return this.#release(held, step.slot, step.targets)
    }
  }

  async #makeRule(held: Holding): Promise<void> {
    const { rules, names, now } = this.#means
    const made = await rules.make(held.endpoint)
    if ('priority' in made) return held.note(made)
    await names.add(held.endpoint)
    await held.note({ ruleArn: made.arn, routedAt: now(), ...routedTo(held.endpoint, 'activator') })
  }

  async #makeAlias(held: Holding, label: string): Promise<void> {
    const rule = held.endpoint.aliasRule ?? { label, priority: aliasPriority(label, held.endpoint.version) }
    await held.note({ aliasRule: rule })
    const made = await this.#means.rules.makeAlias(held.endpoint, rule)
    if ('priority' in made) return held.note({ aliasRule: { label, priority: made.priority } })
    await held.note({ aliasRule: { ...rule, arn: made.arn }, routedAt: this.#means.now() })
  }

  async #dropAlias(held: Holding): Promise<void> {
    await this.#means.rules.deleteAlias(held.endpoint)
    await held.note({ aliasRule: undefined, routedAt: this.#means.now() })
  }

  async #makeGroup(held: Holding, name: SlotName, version: number): Promise<void> {
    await held.note(withSlot(held.endpoint, name, { version }))
    const arn = await this.#means.groups.make(held.endpoint, name)
    await held.note(withSlot(held.endpoint, name, { arn }))
  }

  async #admit(held: Holding, name: SlotName, admitted: Target[]): Promise<void> {
    const { groups, targets, now } = this.#means
    const others = slotOf(held.endpoint, name).targets.filter(
      ({ container }) => !admitted.some((target) => target.container === container),
    )
    const known = admitted.map(({ container, address }) => ({ container, address }))
    const version = admitted[0]?.version ?? 0
    await held.note(withSlot(held.endpoint, name, { version, targets: [...others, ...known] }))
    await targets.admit(known.map(({ container }) => container))
    await groups.register(slotOf(held.endpoint, name).arn ?? '', addressesOf(known))
    const since = now()
    await held.note(
      withSlot(held.endpoint, name, {
        targets: [...others, ...known.map((target) => ({ ...target, since }))],
      }),
    )
  }

  async #dismiss(held: Holding, name: SlotName, dismissed: Registered[]): Promise<void> {
    const { groups, targets } = this.#means
    const slot = slotOf(held.endpoint, name)
    await groups.deregister(slot.arn ?? '', addressesOf(dismissed))
    await targets.release(dismissed.filter(({ out }) => !out).map(({ container }) => container))
    const left = slot.targets.filter((target) => !dismissed.includes(target))
    await held.note(withSlot(held.endpoint, name, { targets: left }))
  }

  async #route(held: Holding, to: EndpointItem['serving']): Promise<void> {
    await this.#means.rules.route(held.endpoint, to)
    await held.note({ routedAt: this.#means.now(), ...routedTo(held.endpoint, to) })
  }

  async #release(held: Holding, name: SlotName, released: Registered[]): Promise<void> {
    await this.#means.targets.release(released.map(({ container }) => container))
    const targets = slotOf(held.endpoint, name).targets.map((target) =>
      released.includes(target) ? { ...target, out: true } : target,
    )
    await held.note(withSlot(held.endpoint, name, { targets }))
  }
}

/** A rule names all the groups that there are whenever it is written. */
function routedTo({ slots }: EndpointItem, serving: EndpointItem['serving']): Change {
  const next: EndpointItem['slots'] = {}
  for (const name of ['a', 'b'] as const) {
    const slot = slots[name]
    if (!slot) continue
    const targets =
      name === serving ? slot.targets.map((target) => ({ ...target, proven: true })) : slot.targets
    next[name] = { ...slot, targets, attached: slot.arn !== undefined }
  }
  return { serving, slots: next }
}

function withSlot(endpoint: EndpointItem, name: SlotName, change: Partial<Slot>): Change {
  return { slots: { ...endpoint.slots, [name]: { ...slotOf(endpoint, name), ...change } } }
}

const slotOf = ({ slots }: EndpointItem, name: SlotName): Slot => slots[name] ?? { version: 0, targets: [] }

const addressesOf = (targets: { address: string }[]): string[] => targets.map(({ address }) => address)
