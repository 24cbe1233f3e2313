import type { Target } from '../../../control/ports.ts'
import type { EndpointItem, Registered, Slot, SlotName } from './items.ts'

/** What is known besides the record, once it was looked for. */
export interface Known {
  /** Addresses that passed the load balancer's checks. */
  healthy?: ReadonlySet<string>
  /** Containers that are stopped. */
  gone?: ReadonlySet<string>
  now: number
  /** A container that says it is ready, but fails the checks for so long, gets its requests all the same. */
  patienceMs: number
  /** What the load balancer's nodes may take to act on a change of a rule. */
  applyMs: number
}

/** Something to do. Each can be done twice; what it changes is noted before the next is chosen. */
export type Act =
  | { do: 'makeRule' }
  /** Has the live address lead here where the version is asked for. */
  | { do: 'makeAlias'; label: string }
  | { do: 'dropAlias' }
  | { do: 'makeGroup'; slot: SlotName; version: number }
  /** Tells the load balancer of targets: they are checked, and get requests if their group does. */
  | { do: 'admit'; slot: SlotName; targets: Target[] }
  /** Has targets finish what they have. */
  | { do: 'dismiss'; slot: SlotName; targets: Registered[] }
  /** Has the rule name every group, and send requests to where it says. */
  | { do: 'route'; to: EndpointItem['serving'] }
  /** Lets go of targets that no request can reach, without a word to the load balancer. */
  | { do: 'release'; slot: SlotName; targets: Registered[] }

export type Look = { do: 'lookAtHealth'; arn: string } | { do: 'lookForGone'; containers: string[] }
export type Step = Act | Look | { do: 'rest'; outcome: 'pointed' | 'pending' }

const SLOTS = ['a', 'b'] as const

/**
 * An endpoint has up to two target groups, which its rule names for good: one that requests go to, and one for the next
 * version's containers to be checked in. So a switch is one change of weights, and the groups of a version that drains
 * stay in the rule: nothing promises that a load balancer keeps requests in flight to a group that it no longer names.
 */
export function nextStep(seen: EndpointItem, wanted: readonly Target[], known: Known): Step {
  if (seen.ruleArn === undefined) return { do: 'makeRule' }
  return (
    alias(seen) ??
    towards(seen, wanted, known) ??
    tidy(seen, wanted, known) ?? { do: 'rest', outcome: outcomeOf(seen, known) }
  )
}

/** Who is told that a switch is done may rely on it: no request goes where it went before. */
function outcomeOf({ routedAt = 0 }: EndpointItem, { now, applyMs }: Known): 'pointed' | 'pending' {
  return routedAt + applyMs <= now ? 'pointed' : 'pending'
}

function alias({ alias: label, aliasRule }: EndpointItem): Step | undefined {
  if (aliasRule && aliasRule.label !== label) return { do: 'dropAlias' }
  return label !== undefined && aliasRule?.arn === undefined ? { do: 'makeAlias', label } : undefined
}

function towards(seen: EndpointItem, wanted: readonly Target[], known: Known): Step | undefined {
  const version = wanted[0]?.version
  if (version === undefined)
    return seen.serving === 'activator' ? undefined : { do: 'route', to: 'activator' }
  const name = slotFor(seen, version)
  const slot = seen.slots[name]
  if (slot?.arn === undefined) return { do: 'makeGroup', slot: name, version }
  const strangers = seen.serving === name ? [] : slot.targets.filter((target) => !isWanted(target, wanted))
  // Whoever is still in the group would be sent requests with it.
  if (strangers.length > 0) return { do: 'dismiss', slot: name, targets: strangers }
  const missing = wanted.filter(({ container }) => !isIn(slot, container))
  if (missing.length > 0) return { do: 'admit', slot: name, targets: missing }
  if (!slot.attached) return { do: 'route', to: seen.serving }
  return switchTo(seen, name, slot, wanted, known)
}

function switchTo(
  seen: EndpointItem,
  name: SlotName,
  slot: Slot,
  wanted: readonly Target[],
  known: Known,
): Step | undefined {
  const targets = slot.targets.filter((target) => isWanted(target, wanted))
  const surplus = slot.targets.filter((target) => !isWanted(target, wanted))
  const isServing = seen.serving === name
  if (isServing && surplus.length === 0) return undefined
  // One that serves already can take the place of what is to go, others must prove that they can.
  const areProven = isServing && targets.some(({ proven }) => proven)
  const unproven = areProven ? [] : targets.filter(({ since }) => !isOverdue(since, known))
  if (unproven.length > 0) {
    if (!known.healthy) return { do: 'lookAtHealth', arn: slot.arn ?? '' }
    const { healthy } = known
    if (!unproven.every(({ address }) => healthy.has(address))) return { do: 'rest', outcome: 'pending' }
  }
  return isServing ? { do: 'dismiss', slot: name, targets: surplus } : { do: 'route', to: name }
}

/** What no request goes to any more is let go of: at once for the domain, for the load balancer with its container. */
function tidy(seen: EndpointItem, wanted: readonly Target[], known: Known): Step | undefined {
  for (const name of SLOTS) {
    if (name === seen.serving) continue
    const idle = seen.slots[name]?.targets.filter((target) => !isWanted(target, wanted)) ?? []
    const held = idle.filter(({ out }) => !out)
    if (held.length > 0) return { do: 'release', slot: name, targets: held }
    if (idle.length > 0 && !known.gone) return { do: 'lookForGone', containers: leftovers(seen) }
    const gone = idle.filter(({ container }) => known.gone?.has(container))
    if (gone.length > 0) return { do: 'dismiss', slot: name, targets: gone }
  }
  return undefined
}

/** Containers that are no targets any more, but were not deregistered for the sake of what they still answer. */
export function leftovers({ slots }: EndpointItem): string[] {
  return SLOTS.flatMap((name) => slots[name]?.targets ?? [])
    .filter(({ out }) => out)
    .map(({ container }) => container)
}

/** Where the version's containers are, or else the group that is least in use; never the one that another version serves from. */
function slotFor({ slots, serving }: EndpointItem, version: number): SlotName {
  if (serving !== 'activator' && slots[serving]?.version === version) return serving
  const free = SLOTS.filter((name) => name !== serving)
  return (
    free.find((name) => slots[name]?.version === version) ??
    free.find((name) => slots[name]?.targets.length === 0) ??
    free.find((name) => !slots[name]) ??
    free.toSorted((one, other) => (slots[one]?.version ?? 0) - (slots[other]?.version ?? 0))[0] ??
    'a'
  )
}

const isWanted = ({ container }: Registered, wanted: readonly Target[]): boolean =>
  wanted.some((target) => target.container === container)

const isIn = ({ targets }: Slot, container: string): boolean =>
  targets.some((target) => target.container === container && target.since !== undefined && !target.out)

const isOverdue = (since: number | undefined, { now, patienceMs }: Known): boolean =>
  since !== undefined && since + patienceMs <= now
