import { randomUUID } from 'node:crypto'
import type { CallError, Input } from '../protocol/calls.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Check, Directive, HeartbeatRequest } from '../protocol/runtime.ts'
import { Callers } from './callers.ts'
import { Calls } from './calls.ts'
import { StartCheck } from './check.ts'
import type { Program } from './child-process.ts'
import type { ControlPlane } from './control-plane.ts'
import { type Death, inWords } from './death.ts'
import { Departure, type Ending } from './departure.ts'
import { Heartbeat } from './heartbeat.ts'
import { InFlight } from './in-flight.ts'
import { Inputs } from './inputs.ts'
import type { FromChild, Load, Verdict } from './ipc.ts'
import type { Journal } from './journal.ts'
import { Keeper } from './keeper.ts'
import { addressOf } from './own-address.ts'
import { fetchArguments, storeFailure, storeResult } from './payloads.ts'
import { Usage } from './usage.ts'
import { Watchdog } from './watchdog.ts'

/** Beyond a web request's timeout, which the process itself enforces as long as it can. */
const BLOCKED_GRACE_MS = 5_000
/** What the last report of usage may take; a container that is being stopped has little time. */
const CONCLUSION_MS = 5_000
/** Before the control plane gives the container up, there is to be time to say why. */
const LAST_WORDS_MS = 2_000
const CHECK_MAY: Verdict = { verdict: 'allowed', caller: 'sluice' }

export interface SupervisorNeeds {
  spec: FunctionSpec
  check?: Check | undefined
  /** Seconds at least between two reports of usage. */
  reportEvery: number
  program: Program
  load: Load
  control: ControlPlane
  journal: Journal
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
  /** The control plane knows that the container can take work. */
  #isReady = false
  #isDraining = false
  readonly #check: StartCheck | undefined
  /** Looks like a token, but the check alone knows it. */
  readonly #pass = `sct_${randomUUID()}`

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
    this.#check = needs.check && this.#makeCheck(needs.check)
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

  /** What was not reported yet. */
  #conclude(): Promise<void> {
    this.#usage.conclude()
    const hasMore = () => this.#usage.report() !== undefined
    return this.#heartbeat.conclude(hasMore, AbortSignal.timeout(CONCLUSION_MS))
  }

  /** As a drain that nobody will end: finishes what it has, then leaves. */
  leave(): void {
    this.#drain()
    this.#departure.onceIdle()
  }

  #makeKeeper(): Keeper {
    const { spec, program, load, journal } = this.#needs
    return new Keeper({
      program,
      load,
      startupTimeout: spec.startupTimeout,
      journal,
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

  #makeCheck(check: Check): StartCheck {
    const { spec } = this.#needs
    return new StartCheck({
      check,
      deadline: performance.now() + spec.startupTimeout * 1000 - LAST_WORDS_MS,
      send: (message) => this.#keeper.send(message),
      pass: spec.requiresAuth ? this.#pass : undefined,
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
    if (this.#isReady) this.#resume()
    else this.#announce(listening).catch((error: unknown) => this.#departure.cutOff(error))
  }

  async #announce(listening: { host: string; port: number } | undefined): Promise<void> {
    const fault = await this.#check?.run(listening)
    if (fault) return this.#failCheck(fault)
    // Before anybody else can say what follows from it.
    this.#needs.journal.system('The container is ready.')
    const address = listening && addressOf(listening)
    const { directive } = await this.#needs.control.ready({ ...(address !== undefined && { address }) })
    this.#isReady = true
    this.#obey(directive)
    this.#resume()
  }

  #failCheck(fault: CallError): void {
    this.#needs.journal.system(`The check was not passed: ${fault.message}`)
    this.#departure.unfit(fault)
  }

  #resume(): void {
    this.#calls.resume()
    this.#inputs.look()
  }

  #heard(message: FromChild): void {
    if (this.#check?.heard(message)) return
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
    const judged = token === this.#pass ? Promise.resolve(CHECK_MAY) : this.#callers.judge(token)
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
    if (!this.#isReady) this.#check?.died(inWords(death))
    this.#workChanged()
  }

  #room(): number {
    const { spec } = this.#needs
    const takesInputs = spec.kind !== 'web' && this.#isReady && !this.#isDraining && this.#keeper.isReady
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
