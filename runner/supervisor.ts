import type { Input } from '../protocol/calls.ts'
import type { Directive, HeartbeatRequest } from '../protocol/runtime.ts'
import type { EarlyProcess, Program } from './author-start.ts'
import { Callers } from './callers.ts'
import { Calls } from './calls.ts'
import type { Death } from './death.ts'
import { Departure, type Ending } from './departure.ts'
import { Heartbeat } from './heartbeat.ts'
import { InFlight } from './in-flight.ts'
import { Inputs } from './inputs.ts'
import type { FromChild, Load } from './ipc.ts'
import { Keeper } from './keeper.ts'
import { Opening, type OpeningNeeds } from './opening.ts'
import { fetchArguments, storeFailure, storeResult } from './payloads.ts'
import { Usage } from './usage.ts'
import { Watchdog } from './watchdog.ts'

/** Beyond a web request's timeout, which the process itself enforces as long as it can. */
const BLOCKED_GRACE_MS = 5_000
/** What the last report of usage may take; a container that is being stopped has little time. */
const CONCLUSION_MS = 5_000

export interface SupervisorNeeds extends OpeningNeeds {
  /** Seconds at least between two reports of usage. */
  reportEvery: number
  program: Program
  early: EarlyProcess | undefined
  load: Load
}

/** One container at work: takes inputs or serves requests, drains when told, and ends. */
export class Supervisor {
  readonly #needs: SupervisorNeeds
  readonly #keeper: Keeper
  readonly #calls: Calls
  readonly #inputs: Inputs
  readonly #heartbeat: Heartbeat
  readonly #inFlight: InFlight
  readonly #watchdog: Watchdog
  readonly #departure: Departure
  readonly #usage: Usage
  readonly #callers: Callers
  #isDraining = false
  readonly #opening: Opening

  constructor(needs: SupervisorNeeds) {
    this.#needs = needs
    const { spec, control } = needs
    this.#callers = new Callers((token) => control.judge({ token }))
    this.#departure = new Departure({
      outcomes: () => this.#inputs.undelivered().length,
      work: () => this.#calls.count + this.#inFlight.count,
    })
    this.#usage = new Usage(needs.reportEvery * 1000)
    this.#keeper = this.#makeKeeper()
    this.#opening = this.#makeOpening()
    this.#calls = this.#makeCalls()
    this.#inFlight = new InFlight(spec.concurrency, () => this.#heartbeat.beatNow())
    this.#inputs = new Inputs({
      control,
      room: () => this.#room(),
      begin: (input) => this.#begin(input),
      obey: (directive) => this.#obey(directive),
      onDelivered: () => this.#departure.look(),
      onFailure: (error) => this.#departure.cutOff(error),
    })
    this.#heartbeat = new Heartbeat({
      control,
      pulse: () => this.#pulse(),
      told: ({ stats }) => stats && this.#usage.accepted(stats),
      obey: (directive) => this.#obey(directive),
      revoke: (leases) => this.#calls.revoke(leases),
    })
    this.#watchdog = new Watchdog(spec.timeout * 1000 + BLOCKED_GRACE_MS, {
      ping: () => this.#keeper.send({ type: 'ping' }),
      onSilence: () => this.#keeper.replace('it answered nothing for longer than its timeout'),
    })
  }

  /** Until the container's end; the author's process is gone then. */
  async run(): Promise<Ending> {
    this.#keeper.start()
    this.#heartbeat.run().catch((error: unknown) => this.#departure.cutOff(error))
    const ending = await this.#departure.ending
    this.#watchdog.rest()
    const concluded = ending.kind === 'cut off' ? undefined : this.#conclude()
    if (ending.kind === 'told') await this.#keeper.stop()
    else this.#keeper.kill()
    await concluded
    return ending
  }

  /** What was not reported yet; of a container that gives up, also what became of its last calls. */
  async #conclude(): Promise<void> {
    this.#usage.conclude()
    const hasMore = () => this.#usage.report() !== undefined
    const signal = AbortSignal.timeout(CONCLUSION_MS)
    await Promise.all([this.#inputs.conclude(), this.#heartbeat.conclude(hasMore, signal)])
  }

  /** As a drain that nobody will end: finishes what it has, then leaves. */
  leave(): void {
    this.#drain()
    this.#departure.onceIdle()
  }

  #makeKeeper(): Keeper {
    return new Keeper({
      ...this.#needs,
      startupTimeout: this.#needs.spec.startupTimeout,
      onReady: (listening) => this.#childReady(listening),
      onMessage: (message) => this.#heard(message),
      onDeath: (death) => this.#childDied(death),
      onHopeless: (error) => this.#departure.hopeless(error),
    })
  }

  #makeCalls(): Calls {
    const { spec, control, journal } = this.#needs
    return new Calls({
      spec,
      child: this.#keeper,
      fetchArguments,
      storeResult: (json) => storeResult(json, control),
      storeFailure,
      say: (text, callId) => journal.system(text, callId),
      onExecuted: (execution) => this.#usage.executed(execution),
      report: (completion) => {
        this.#workChanged()
        this.#inputs.report(completion)
      },
      onForgotten: () => this.#forgotten(),
    })
  }

  #makeOpening(): Opening {
    return new Opening(this.#needs, {
      send: (message) => this.#keeper.send(message),
      onOpen: (directive) => {
        this.#obey(directive)
        this.#resume()
      },
      onUnfit: (fault) => this.#departure.unfit(fault),
    })
  }

  #begin(input: Input): void {
    this.#calls.begin(input)
    this.#workChanged()
  }

  #forgotten(): void {
    this.#workChanged()
    this.#inputs.look()
    this.#departure.look()
  }

  #childReady(listening: { host: string; port: number } | undefined): void {
    if (this.#needs.spec.kind === 'web') this.#watchdog.watch()
    if (this.#opening.isOpen) this.#resume()
    else this.#opening.open(listening).catch((error: unknown) => this.#departure.cutOff(error))
  }

  #resume(): void {
    this.#calls.resume()
    this.#inputs.look()
  }

  #heard(message: FromChild): void {
    if (this.#opening.heard(message)) return
    switch (message.type) {
      case 'returned':
        this.#calls.returned(message.lease, message.json)
        break
      case 'threw':
        this.#calls.threw(message.lease, message.error)
        break
      case 'requests':
        this.#usage.served(message.served)
        this.#requestsInFlight(message.count)
        break
      case 'caller':
        this.#judge(message)
        break
      case 'pong':
        this.#watchdog.answered()
        break
    }
  }

  #judge({ request, token }: { request: number; token: string }): void {
    const own = this.#opening.judge(token)
    const judged = own ? Promise.resolve(own) : this.#callers.judge(token)
    judged.then((verdict) => this.#keeper.send({ type: 'verdict', request, verdict }))
  }

  #requestsInFlight(count: number): void {
    if (count < this.#inFlight.count) this.#keeper.succeeded()
    this.#inFlight.set(count)
    this.#workChanged()
    this.#departure.look()
  }

  #childDied(death: Death): void {
    this.#watchdog.rest()
    this.#usage.unanswered(this.#inFlight.count)
    this.#inFlight.set(0)
    this.#calls.died(death)
    this.#opening.died(death)
    this.#workChanged()
  }

  #room(): number {
    const { spec } = this.#needs
    const takesInputs =
      spec.kind !== 'web' && this.#opening.isOpen && !this.#isDraining && this.#keeper.isReady
    return takesInputs ? spec.concurrency - this.#calls.count : 0
  }

  #pulse(): HeartbeatRequest {
    const stats = this.#usage.report()
    return {
      running: [...this.#calls.leases(), ...this.#inputs.undelivered()],
      requests: this.#inFlight.tell(),
      draining: this.#isDraining,
      ...(stats && { stats }),
    }
  }

  /** What a draining container still does is no use of what is kept for new work. */
  #workChanged(): void {
    this.#usage.working(!this.#isDraining && this.#calls.count + this.#inFlight.count > 0)
  }

  #obey(directive: Directive): void {
    if (directive !== 'work') this.#drain()
    if (directive === 'exit') this.#departure.onceDelivered()
  }

  /** There is no way back from here. */
  #drain(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#keeper.drain()
    this.#inFlight.drain()
    this.#workChanged()
  }
}
