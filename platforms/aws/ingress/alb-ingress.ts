import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Route53Client } from '@aws-sdk/client-route-53'
import type { Endpoint, Ingress, Target } from '../../../control/ports.ts'
import type { Store } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { ResourcesTable } from '../resources-table.ts'
import { Dismantling } from './dismantling.ts'
import { full, isFull } from './full.ts'
import { Groups } from './groups.ts'
import { Holding, heldFrom, isHeld } from './holding.ts'
import type { EndpointItem, Fence } from './items.ts'
import { Names } from './names.ts'
import { Performer } from './performer.ts'
import { ENDPOINTS_PER_SHARD, keyOf, mayPoint, Records } from './records.ts'
import { firstPriority, Rules } from './rules.ts'
import type { IngressShard } from './shards.ts'
import { type Act, type Known, nextStep, type Step } from './steps.ts'
import { Targets } from './targets.ts'

/** Two checks come within seconds. Whoever fails them for so long is said to be ready by its own container all the same. */
const PATIENCE_MS = 60_000
/** No document says when all nodes of a load balancer act on a change of a rule; within some seconds they are seen to. */
const APPLY_MS = 5_000

export interface AlbIngressOptions {
  table: ResourcesTable
  store: Pick<Store, 'container'>
  elb: ElasticLoadBalancingV2Client
  route53: Route53Client
  vpc: string
  domain: string | undefined
  zone: string | undefined
  shards: IngressShard[]
  url: Ingress['url']
  patienceMs?: number
  applyMs?: number
  settleMs?: number
  now?: () => number
}

/** Application Load Balancers: a rule for each endpoint, which a record says what to expect of. */
export class AlbIngress implements Ingress {
  readonly url: Ingress['url']
  readonly #store: Pick<Store, 'container'>
  readonly #shards: IngressShard[]
  readonly #limits: Pick<Known, 'patienceMs' | 'applyMs'>
  readonly #now: () => number
  readonly #records: Records
  readonly #groups: Groups
  readonly #targets: Targets
  readonly #performer: Performer
  readonly #dismantling: Dismantling

  constructor(options: AlbIngressOptions) {
    const { table, store, elb: client, route53, vpc, domain, zone, shards, url } = options
    const { patienceMs = PATIENCE_MS, applyMs = APPLY_MS, settleMs, now = Date.now } = options
    this.url = url
    this.#store = store
    this.#shards = shards
    this.#limits = { patienceMs, applyMs }
    this.#now = now
    const activatorOf = (listenerArn: string) =>
      shards.find((shard) => shard.listenerArn === listenerArn)?.activatorTargetGroupArn ?? ''
    const records = new Records(table)
    const rules = new Rules({ client, domain, activatorOf })
    const groups = new Groups({ client, vpc })
    const targets = new Targets(table, { now, ...(settleMs !== undefined && { settleMs }) })
    const names = new Names({ client: route53, domain, zone, shards })
    const goneOf = (containers: string[]) => this.#goneOf(containers)
    this.#records = records
    this.#groups = groups
    this.#targets = targets
    this.#performer = new Performer({ rules, groups, targets, names, now })
    this.#dismantling = new Dismantling({ records, rules, groups, targets, names, goneOf, now, applyMs })
  }

  async point(endpoint: Endpoint, targets: Target[], fault?: string): Promise<'pointed' | 'pending'> {
    const known: Known = { now: this.#now(), ...this.#limits }
    const seen = await this.#records.endpoint(endpoint)
    if (seen && isSaid(seen, endpoint, fault)) {
      const step = await this.#look(seen, targets, known)
      if (step.do === 'rest') return step.outcome
    }
    const fence = await this.#records.fence(endpoint)
    if (!mayPoint(fence, endpoint)) return 'pointed'
    if (!seen) return this.#found(endpoint, targets, fault, fence)
    const held = await this.#hold(saidOf(seen, endpoint, fault), fence)
    return held ? this.#work(held, targets, known) : 'pending'
  }

  async remove(key: AppKey, turn: number, keepLabels: string[]): Promise<void> {
    const fence = await this.#records.fence(key)
    if (fence && turn < fence.turn) return
    if (!isRaised(fence, turn, keepLabels)) {
      const raised = await this.#records.raise(key, { turn, keptLabels: keepLabels, now: this.#now() }, fence)
      if (!raised) return this.remove(key, turn, keepLabels)
    }
    // Read after the fence was raised: from here on none is added.
    const endpoints = await this.#records.endpoints(key)
    const doomed = endpoints.filter(({ label }) => !keepLabels.includes(label))
    await Promise.all(doomed.map((endpoint) => this.#dismantling.dismantle(endpoint, turn)))
  }

  isReleased(containerId: string): Promise<boolean> {
    return this.#targets.isReleased(containerId)
  }

  /** Finds the endpoint a place: the first load balancer that has room, for the domain leads there without a name of its own. */
  async #found(
    endpoint: Endpoint,
    targets: Target[],
    fault: string | undefined,
    fence: Fence | undefined,
  ): Promise<'pointed' | 'pending'> {
    let why = `each load balancer holds ${ENDPOINTS_PER_SHARD}.`
    for (const listenerArn of await this.#placesFor(endpoint)) {
      const first = heldFrom(firstOf(endpoint, fault, listenerArn), this.#now())
      const placed = await this.#records.place(first, fence)
      if (placed === 'beaten') return 'pending'
      if (placed === 'full') continue
      const held = new Holding(this.#records, this.#now, first)
      try {
        return await this.#work(held, targets, { now: this.#now(), ...this.#limits })
      } catch (error) {
        if (!isFull(error) || held.endpoint.ruleArn !== undefined) throw error
        why = error.message
        await this.#records.forget(held.endpoint)
      }
    }
    throw full(endpoint.label, this.#shards.length, why)
  }

  /** Beside the endpoint at whose address it is to answer, too; else wherever there is room. */
  async #placesFor(endpoint: Endpoint): Promise<string[]> {
    const beside = await this.#besideOf(endpoint)
    return beside === undefined ? this.#shards.map(({ listenerArn }) => listenerArn) : [beside]
  }

  async #besideOf({ env, app, staged }: Endpoint): Promise<string | undefined> {
    if (staged?.alias === undefined) return undefined
    return (await this.#records.endpoint({ env, app, label: staged.alias }))?.listenerArn
  }

  async #hold(next: EndpointItem, fence: Fence | undefined): Promise<Holding | undefined> {
    const now = this.#now()
    if (isHeld(next, now)) return undefined
    const held = heldFrom(next, now)
    return (await this.#records.speak(held, fence)) ? new Holding(this.#records, this.#now, held) : undefined
  }

  async #work(held: Holding, targets: Target[], known: Known): Promise<'pointed' | 'pending'> {
    try {
      for (;;) {
        const step = await this.#look(held.endpoint, targets, known)
        if (step.do === 'rest') return step.outcome
        await this.#performer.perform(held, step)
      }
    } catch (error) {
      if (!isFull(error) || held.endpoint.ruleArn === undefined) throw error
      throw full(held.endpoint.label, this.#shards.length, error.message)
    } finally {
      await held.letGo()
    }
  }

  /** The next step, when all that it depends on was looked at. */
  async #look(
    endpoint: EndpointItem,
    targets: Target[],
    known: Known,
  ): Promise<Act | Extract<Step, { do: 'rest' }>> {
    for (;;) {
      const step = nextStep(endpoint, targets, known)
      if (step.do === 'lookAtHealth') known.healthy = await this.#groups.healthy(step.arn)
      else if (step.do === 'lookForGone') known.gone = await this.#goneOf(step.containers)
      else return step
    }
  }

  async #goneOf(ids: string[]): Promise<Set<string>> {
    const containers = await Promise.all(ids.map((id) => this.#store.container(id)))
    return new Set(ids.filter((_, index) => (containers[index]?.state ?? 'stopped') === 'stopped'))
  }
}

/** Whether the record says already what is to be said of the endpoint, its targets aside. */
function isSaid(seen: EndpointItem, endpoint: Endpoint, fault: string | undefined): boolean {
  const { version, turn, function: name, staged } = endpoint
  const isSame = seen.version === version && seen.turn === turn && seen.function === name
  return !seen.removed && isSame && seen.alias === staged?.alias && seen.fault === fault
}

function saidOf(seen: EndpointItem, endpoint: Endpoint, fault: string | undefined): EndpointItem {
  const { fault: _, removed: __, alias: ___, ...rest } = seen
  return { ...rest, ...wordsOf(endpoint, fault) }
}

function wordsOf({ version, turn, function: name, staged }: Endpoint, fault: string | undefined) {
  return {
    version,
    turn,
    function: name,
    ...(staged && { staged: true }),
    ...(staged?.alias !== undefined && { alias: staged.alias }),
    ...(fault !== undefined && { fault }),
  }
}

function firstOf(endpoint: Endpoint, fault: string | undefined, listenerArn: string): EndpointItem {
  const { label } = endpoint
  return {
    ...keyOf(endpoint),
    label,
    ...wordsOf(endpoint, fault),
    revision: 0,
    listenerArn,
    priority: firstPriority(label),
    serving: 'activator',
    slots: {},
  }
}

function isRaised(fence: Fence | undefined, turn: number, keepLabels: string[]): boolean {
  const kept = fence?.keptLabels
  return fence?.turn === turn && kept !== undefined && kept.toSorted().join() === keepLabels.toSorted().join()
}
