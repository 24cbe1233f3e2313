import type { Ports } from '../../control/ports.ts'
import * as runtime from '../../control/runtime.ts'
import type { Input } from '../../protocol/calls.ts'
import type { BootResponse, Directive } from '../../protocol/runtime.ts'
import { SimulatedClock } from './clock.ts'
import { goOnAsking, tellExit } from './end-of-container.ts'
import { Executions } from './executions.ts'
import { Line, type Surroundings } from './line.ts'
import { SimulatedUsage } from './usage.ts'

/** What a container hears to what it has said. */
export type Reported = (revoked: string[], directive: Directive) => void

export interface Observer {
  /** It was told what it is to run, with these variables of secrets. */
  booted(container: SimulatedContainer, secrets: Record<string, string>): void
  /** An input was given to a container. */
  began(container: SimulatedContainer, input: Input): void
  /** It says which inputs it works on. @returns to be told what it hears to that */
  reported(container: SimulatedContainer, leases: string[]): Reported
  /** The platform tells of its exit. */
  exited(container: SimulatedContainer): void
  /** It was told to exit, and does. */
  left(container: SimulatedContainer): void
}

type Fault =
  | 'neverBoots'
  | 'neverReady'
  | 'lateReady'
  | 'cutOff'
  | 'slowKill'
  | 'earlyExit'
  | 'idleLie'
  | 'drainLie'
  | 'greed'
  | 'forgery'
  | 'falseHint'
  | 'collapse'
  | 'heldRequest'
  | 'deafness'

const HEARTBEAT_MS = 5_000
const IDLE_POLL_MS = 1_000
/** Of one that wants what is not its own. */
const EAGER_POLL_MS = 50
const REPORT_MS = 2_000
/** A container to which the control plane has said nothing for so long leaves: an hour, if there were one here. */
const GIVE_UP_MS = 60_000

/** A container as the control plane sees it: it boots, works, drains and exits; or dies at any moment, hangs, or lies. */
export class SimulatedContainer {
  readonly id: string
  version = 0
  functionName = ''
  alive = true
  /** Somebody asked that it be killed, whatever it does. */
  isCondemned = false
  /** Web requests that it serves. */
  requests = 0
  readonly usage: SimulatedUsage
  readonly #executions: Executions
  readonly #clock: SimulatedClock
  #draining = false
  #isBeingKilled = false
  readonly #saysIdle: boolean
  readonly #isDeaf: boolean
  readonly #invents: boolean
  readonly #line: Line
  readonly #surroundings: Surroundings
  readonly #observer: Observer

  constructor(id: string, surroundings: Surroundings, observer: Observer) {
    this.id = id
    this.#surroundings = surroundings
    this.#line = new Line(id, surroundings)
    this.#clock = new SimulatedClock(id, 'ofMachine', surroundings)
    this.usage = new SimulatedUsage(REPORT_MS, this.#clock)
    this.#executions = new Executions(id, this.#line, this.usage)
    this.#observer = observer
    this.#saysIdle = this.#occurs('idleLie')
    this.#isDeaf = this.#occurs('deafness')
    this.#invents = this.#occurs('falseHint')
  }

  get running(): ReadonlyMap<string, Input> {
    return this.#executions.running
  }

  get silentMs(): number {
    return this.#line.silentMs
  }

  async run(): Promise<void> {
    const { time, random } = this.#surroundings
    if (this.#occurs('neverBoots')) return time.after(GIVE_UP_MS, () => this.die())
    await time.sleep(random.between(50, 400))
    const spec = await this.#ask((ports) => runtime.boot(ports, this.id))
    if (!spec || !this.alive) return
    this.version = spec.version
    this.functionName = spec.function
    this.#observer.booted(this, spec.secrets ?? {})
    if (spec.spec.env.BROKEN) return this.#failToStart()
    void this.#beat()
    if (this.#occurs('neverReady')) return
    await time.sleep(this.#occurs('lateReady') ? random.between(5_000, 40_000) : random.between(20, 200))
    const answer = await this.#ask((ports) => runtime.ready(ports, this.id, { address: `${this.id}:80` }))
    if (!answer || !this.alive) return
    this.#obey(answer.directive)
    if (spec.spec.kind !== 'web') await this.#work(spec)
  }

  /** It may take long to find that it cannot go on. */
  #failToStart(): void {
    const { time, random } = this.#surroundings
    time.after(random.chance(0.5) ? 0 : random.between(1_000, 8_000), () => this.die())
  }

  /** Whether it lives, and nobody ends it. */
  get isWell(): boolean {
    return this.alive && !this.#isBeingKilled
  }

  /** The process is gone, and what it was doing with it. */
  die(): void {
    if (!this.alive) return
    this.#end()
    tellExit(this.id, this.#surroundings, () => this.#observer.exited(this))
  }

  /** The platform has been told to end it, which takes its time, and may be told before it is so. */
  kill(): void {
    const { time, random } = this.#surroundings
    if (this.#isBeingKilled) return
    this.#isBeingKilled = true
    if (this.#occurs('earlyExit')) {
      tellExit(this.id, this.#surroundings, () => this.#observer.exited(this))
      time.after(random.between(1_000, 40_000), () => this.#end())
    } else if (this.#occurs('slowKill')) {
      time.after(random.between(1_000, 30_000), () => this.die())
    } else {
      this.die()
    }
  }

  #collapse(): void {
    if (this.#surroundings.random.chance(0.5)) this.die()
    else this.#end()
  }

  #end(): void {
    if (this.alive && this.#occurs('heldRequest')) void goOnAsking(this.id, this.#surroundings)
    this.alive = false
    this.#executions.running.clear()
  }

  async #work({ spec }: BootResponse): Promise<void> {
    const { time, random } = this.#surroundings
    let wake: string | undefined
    while (this.alive) {
      const completed = this.#executions.finished
      const room = this.#draining ? 0 : spec.concurrency - this.running.size
      const free = this.#occurs('greed') ? spec.concurrency + 2 : Math.max(0, room)
      const body = { completed, free, wake }
      const answer = await this.#ask((ports) => runtime.next(ports, this.id, body))
      if (!answer || !this.alive) return
      this.#executions.delivered(completed)
      for (const input of answer.inputs) {
        this.#executions.begin(input, spec)
        this.#observer.began(this, input)
        if (this.#occurs('collapse')) time.after(random.between(1, 500), () => this.#collapse())
      }
      this.#obey(answer.directive)
      await time.sleep(answer.inputs.length > 0 ? 5 : this.#invents ? EAGER_POLL_MS : IDLE_POLL_MS)
      wake = answer.waitAt === undefined ? undefined : this.#listen(answer.waitAt)
    }
  }

  /** It may know of other addresses than its own, or of calls, and try to be given what was meant for others. */
  #listen(address: string): string {
    const { injector, random, wait, known } = this.#surroundings
    if (this.#invents && injector.canOccur('falseHint') && random.chance(0.5))
      return JSON.stringify(known().map((callId) => ({ callId, receipt: 'none' })))
    const other = `/${random.pick(['work', 'extra', 'nightly'])}/`
    return wait(this.#occurs('forgery') ? address.replace(`/${this.functionName}/`, other) : address)
  }

  async #beat(): Promise<void> {
    while (this.alive) {
      if (this.#occurs('cutOff')) this.#line.cutOff()
      this.#clock.maybeSet()
      const stats = this.usage.report()
      let answered: Reported = () => {}
      const beat = () => {
        const body = { ...this.#pulse(), ...(stats && { stats }) }
        answered = this.#observer.reported(this, body.running)
        return (ports: Ports) => runtime.heartbeat(ports, this.id, body)
      }
      const answer = await this.#say(beat, true)
      if (!answer || !this.alive) return
      answered(answer.revoked, answer.directive)
      if (stats) this.usage.accepted(stats)
      this.#executions.revoke(answer.revoked)
      this.#obey(answer.directive)
      await this.#surroundings.time.sleep(this.#draining ? IDLE_POLL_MS : HEARTBEAT_MS)
    }
  }

  #pulse() {
    const draining = this.#draining || this.#occurs('drainLie')
    const lies = this.#saysIdle && this.#surroundings.injector.canOccur('idleLie')
    return lies
      ? { running: [], requests: 0, draining }
      : { running: [...this.running.keys()], requests: this.requests, draining }
  }

  #obey(directive: Directive): void {
    if (this.#isDeaf) return
    if (directive !== 'work') this.#draining = true
    if (directive !== 'exit') return
    // Whoever is told to leave because it said that it was idle has itself to blame.
    if (!this.#saysIdle) this.#observer.left(this)
    this.die()
  }

  #ask<Answer>(request: (ports: Ports) => Promise<Answer>): Promise<Answer | undefined> {
    return this.#say(() => request, false)
  }

  async #say<Answer>(
    request: () => (ports: Ports) => Promise<Answer>,
    isSign: boolean,
  ): Promise<Answer | undefined> {
    const answer = await this.#line.ask(request, { isAlive: () => this.alive, isSign })
    if (answer === undefined) this.die()
    return answer
  }

  #occurs(fault: Fault): boolean {
    return this.#surroundings.injector.occurs(fault, this.id)
  }
}
