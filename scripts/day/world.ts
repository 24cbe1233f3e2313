import type { Action } from '../../control/action.ts'
import type { Container, Version } from '../../control/model.ts'
import type { Observation } from '../../control/observation.ts'
import { plan } from '../../control/plan.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'
import { DEFAULT_RETENTION } from '../../protocol/retention.ts'
import { Dice, rateAt, type Traffic } from './traffic.ts'

/** From RunTask until the container asks for work: about half a minute on Fargate, see docs/scaling.md. */
const START_S = 30
/** Fargate's own limit on launches, a second. */
const LAUNCHES_PER_S = 20
const APP = { env: 'main', app: 'shop' }
const FUNCTION = 'work'

export interface Day {
  traffic: Traffic
  spec: FunctionSpecInput
  /** Seconds of the day at which the app is deployed again. */
  deploysAt: readonly number[]
  seed: number
  seconds: number
}

/** What a second was like. */
export interface Moment {
  second: number
  arrivals: number
  queued: number
  starting: number
  ready: number
  draining: number
  busy: number
}

export interface Outcome {
  moments: Moment[]
  /** Seconds that each call waited, with when it came. */
  waits: { second: number; waited: number }[]
}

interface Work {
  container: Container
  /** When each call that it has will end. */
  ends: number[]
}

/** Lives a day second by second: the plan of the control plane decides, arithmetic stands in for AWS and for the author. */
export class World {
  readonly #day: Day
  readonly #dice: Dice
  readonly #work = new Map<string, Work>()
  readonly #queue: { second: number; takes: number }[] = []
  readonly #waits: Outcome['waits'] = []
  #versions: Version[]
  #live: Version
  #nextLaunch = 0
  #ids = 0

  constructor(day: Day) {
    this.#day = day
    this.#dice = new Dice(day.seed)
    this.#live = this.#version(1, 'live')
    this.#versions = [this.#live]
  }

  run(): Outcome {
    const moments: Moment[] = []
    for (let second = 0; second < this.#day.seconds; second++) moments.push(this.#second(second))
    return { moments, waits: this.#waits }
  }

  #second(second: number): Moment {
    const arrivals = this.#dice.poisson(rateAt(second, this.#day.traffic))
    for (let i = 0; i < arrivals; i++)
      this.#queue.push({ second, takes: this.#dice.duration(this.#day.traffic) })
    if (this.#day.deploysAt.includes(second))
      this.#versions.push(this.#version(this.#live.version + 1, 'rolling'))
    this.#end(second)
    this.#give(second)
    for (const action of plan(this.#observe(second)).actions) this.#do(action, second)
    return this.#moment(second, arrivals)
  }

  #end(second: number): void {
    for (const [id, work] of this.#work) {
      const { container } = work
      if (container.state === 'starting' && (container.readyAt ?? 0) <= second * 1000) {
        container.state = 'ready'
        container.idleSince = second * 1000
      }
      work.ends = work.ends.filter((end) => end > second)
      if (container.running > 0 && work.ends.length === 0) container.idleSince = second * 1000
      container.running = work.ends.length
      if (container.state === 'draining' && container.running === 0) this.#work.delete(id)
    }
  }

  #give(second: number): void {
    const concurrency = this.#day.spec.concurrency ?? 1
    for (const work of this.#work.values()) {
      const { container, ends } = work
      if (container.state !== 'ready' || container.version < this.#live.version) continue
      while (ends.length < concurrency) {
        const call = this.#queue.shift()
        if (!call) return
        this.#waits.push({ second: call.second, waited: second - call.second })
        ends.push(second + call.takes)
        container.running = ends.length
        delete container.idleSince
      }
    }
  }

  #do(action: Action, second: number): void {
    switch (action.do) {
      case 'start':
        this.#start(action.version, second)
        break
      case 'drain':
        this.#drain(action)
        break
      case 'kill':
        this.#work.delete(action.container)
        break
      case 'cutOver':
        this.#cutOver(action.version)
        break
    }
  }

  #start(version: number, second: number): void {
    this.#nextLaunch = Math.max(second, this.#nextLaunch) + 1 / LAUNCHES_PER_S
    const id = `co-${++this.#ids}`
    const container: Container = {
      ...APP,
      id,
      function: FUNCTION,
      version,
      state: 'starting',
      running: 0,
      requests: 0,
      startedAt: second * 1000,
      readyAt: (this.#nextLaunch + START_S) * 1000,
      seenAt: second * 1000,
      launched: true,
    }
    this.#work.set(id, { container, ends: [] })
  }

  #drain({ container: id, deadline }: Extract<Action, { do: 'drain' }>): void {
    const work = this.#work.get(id)
    if (!work) return
    Object.assign(work.container, { state: 'draining', drainDeadline: deadline })
    if (work.ends.length === 0) this.#work.delete(id)
  }

  #cutOver(version: number): void {
    this.#live = this.#version(version, 'live')
    this.#versions = [this.#live]
  }

  #version(number: number, status: 'live' | 'rolling'): Version {
    const manifest = Manifest.parse({
      app: APP.app,
      bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
      functions: { [FUNCTION]: this.#day.spec },
    })
    return {
      ...APP,
      version: number,
      status,
      origin: 'deploy',
      strategy: 'rolling',
      client: 'capacity',
      deployedBy: 'capacity',
      deployedAt: 0,
      manifest,
      manifestHash: String(number),
      steps: [],
    }
  }

  #observe(second: number): Observation {
    const rolling = this.#versions.filter(({ status }) => status === 'rolling')
    const spec = this.#live.manifest.functions
    const containers = [...this.#work.values()].map(({ container }) => container)
    return {
      now: second * 1000,
      launchMs: START_S * 1000,
      retention: DEFAULT_RETENTION,
      app: {
        ...APP,
        state: 'deployed',
        lastVersion: this.#live.version,
        liveVersion: this.#live.version,
        settledVersion: this.#live.version,
        createdAt: 0,
      },
      live: this.#live,
      rolling,
      staged: [],
      containers,
      failed: [],
      demand: [{ function: FUNCTION, pending: this.#queue.length, running: 0, waiting: 0 }],
      specs: new Map(
        [this.#live, ...rolling, { version: this.#live.version - 1 }].map(({ version }) => [version, spec]),
      ),
      labels: new Map(),
      aliases: new Map(),
    }
  }

  #moment(second: number, arrivals: number): Moment {
    const moment = {
      second,
      arrivals,
      queued: this.#queue.length,
      starting: 0,
      ready: 0,
      draining: 0,
      busy: 0,
    }
    for (const { container } of this.#work.values()) {
      if (container.state !== 'stopped') moment[container.state]++
      if (container.running > 0) moment.busy++
    }
    return moment
  }
}
