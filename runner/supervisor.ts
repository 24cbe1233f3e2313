import type { CallError } from '../protocol/calls.ts'
import type { RunnerEnvironment } from '../protocol/environment.ts'
import type { BootResponse, Directive } from '../protocol/runtime.ts'
import { Calls } from './calls.ts'
import type { Program } from './child-process.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Death } from './death.ts'
import { Heartbeat } from './heartbeat.ts'
import { InFlight } from './in-flight.ts'
import { Inputs } from './inputs.ts'
import type { FromChild } from './ipc.ts'
import type { Journal } from './journal.ts'
import { Keeper } from './keeper.ts'
import { fetchArguments, storeFailure, storeResult } from './payloads.ts'
import { Watchdog } from './watchdog.ts'

/** Beyond a web request's timeout, which the process itself enforces as long as it can. */
const BLOCKED_GRACE_MS = 5_000

/** Why the supervisor stops: it was told to, or cannot go on. The first reason counts. */
export type Ending =
  | { kind: 'told' }
  | { kind: 'hopeless'; error: CallError }
  | { kind: 'cut off'; error: unknown }

export interface SupervisorNeeds {
  environment: RunnerEnvironment
  assignment: BootResponse
  program: Program
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
  readonly #ending = Promise.withResolvers<Ending>()
  /** The control plane knows that the container can take work. */
  #isReady = false
  #isDraining = false
  /** What still keeps it: nothing but outcomes once it was told to exit, also work where nobody will tell it to. */
  #leavesOnce: 'delivered' | 'idle' | undefined

  constructor(needs: SupervisorNeeds) {
    this.#needs = needs
    const { assignment, control } = needs
    const { spec } = assignment
    this.#keeper = this.#makeKeeper()
    this.#calls = this.#makeCalls()
    this.#inFlight = new InFlight(spec.concurrency, () => this.#heartbeat.beatNow())
    this.#inputs = new Inputs({
      control,
      room: () => this.#room(),
      begin: (input) => this.#calls.begin(input),
      obey: (directive) => this.#obey(directive),
      onDelivered: () => this.#leaveIfDone(),
      onFailure: (error) => this.#cutOff(error),
    })
    this.#heartbeat = new Heartbeat({
      control,
      pulse: () => this.#pulse(),
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
    this.#heartbeat.run().catch((error: unknown) => this.#cutOff(error))
    const ending = await this.#ending.promise
    this.#watchdog.rest()
    if (ending.kind === 'told') await this.#keeper.stop()
    else this.#keeper.kill()
    return ending
  }

  /** As a drain that nobody will end: finishes what it has, then leaves. */
  leave(): void {
    this.#leavesOnce ??= 'idle'
    this.#drain()
    this.#leaveIfDone()
  }

  #makeKeeper(): Keeper {
    const { environment, assignment, program, journal } = this.#needs
    const { env, app, function: name, version, spec, entry } = assignment
    const { root, host, port } = environment
    return new Keeper({
      program,
      load: { env, app, function: name, version, spec, root, entry, host, port, draining: false },
      startupTimeout: spec.startupTimeout,
      journal,
      onReady: (listening) => this.#childReady(listening),
      onMessage: (message) => this.#heard(message),
      onDeath: (death) => this.#childDied(death),
      onHopeless: (error) => this.#ending.resolve({ kind: 'hopeless', error }),
    })
  }

  #makeCalls(): Calls {
    const { assignment, control, journal } = this.#needs
    return new Calls({
      spec: assignment.spec,
      child: this.#keeper,
      fetchArguments,
      storeResult: (json) => storeResult(json, control),
      storeFailure,
      say: (text, callId) => journal.system(text, callId),
      report: (completion) => this.#inputs.report(completion),
      onForgotten: () => this.#forgotten(),
    })
  }

  #forgotten(): void {
    this.#inputs.look()
    this.#leaveIfDone()
  }

  #childReady(listening: { host: string; port: number } | undefined): void {
    if (this.#needs.assignment.spec.kind === 'web') this.#watchdog.watch()
    if (this.#isReady) this.#resume()
    else this.#announce(listening).catch((error: unknown) => this.#cutOff(error))
  }

  async #announce(listening: { host: string; port: number } | undefined): Promise<void> {
    const address = listening && addressOf(listening)
    const { directive } = await this.#needs.control.ready({ ...(address !== undefined && { address }) })
    this.#isReady = true
    this.#obey(directive)
    this.#resume()
  }

  #resume(): void {
    this.#calls.resume()
    this.#inputs.look()
  }

  #heard(message: FromChild): void {
    switch (message.type) {
      case 'returned':
        this.#calls.returned(message.lease, message.json)
        break
      case 'threw':
        this.#calls.threw(message.lease, message.error)
        break
      case 'requests':
        this.#requestsInFlight(message.count)
        break
      case 'pong':
        this.#watchdog.answered()
        break
    }
  }

  #requestsInFlight(count: number): void {
    if (count < this.#inFlight.count) this.#keeper.succeeded()
    this.#inFlight.set(count)
    this.#leaveIfDone()
  }

  #childDied(death: Death): void {
    this.#watchdog.rest()
    this.#inFlight.set(0)
    this.#calls.died(death)
  }

  #room(): number {
    const { spec } = this.#needs.assignment
    const takesInputs = spec.kind !== 'web' && this.#isReady && !this.#isDraining && this.#keeper.isReady
    return takesInputs ? spec.concurrency - this.#calls.count : 0
  }

  #pulse() {
    return {
      running: [...this.#calls.leases(), ...this.#inputs.undelivered()],
      requests: this.#inFlight.tell(),
      draining: this.#isDraining,
    }
  }

  #obey(directive: Directive): void {
    if (directive !== 'work') this.#drain()
    if (directive !== 'exit') return
    this.#leavesOnce = 'delivered'
    this.#leaveIfDone()
  }

  /** There is no way back from here. */
  #drain(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#keeper.drain()
    this.#inFlight.drain()
  }

  #leaveIfDone(): void {
    if (this.#leavesOnce === undefined || this.#inputs.undelivered().length > 0) return
    const isIdle = this.#calls.count === 0 && this.#inFlight.count === 0
    if (isIdle || this.#leavesOnce === 'delivered') this.#ending.resolve({ kind: 'told' })
  }

  #cutOff(error: unknown): void {
    this.#ending.resolve({ kind: 'cut off', error })
  }
}

const addressOf = ({ host, port }: { host: string; port: number }): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
