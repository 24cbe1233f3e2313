import type { CallError, Completion, Input, Outcome, Payload } from '../protocol/calls.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Death } from './death.ts'
import { inWords } from './death.ts'
import type { ToChild } from './ipc.ts'
import type { Execution } from './usage.ts'

export interface CallsNeeds {
  spec: Pick<FunctionSpec, 'timeout' | 'concurrency'>
  child: {
    readonly isReady: boolean
    send(message: ToChild): void
    replace(why: string): void
    succeeded(): void
  }
  fetchArguments: (input: Input) => Promise<string>
  storeResult: (json: string) => Promise<Payload>
  storeFailure: (error: unknown) => Outcome
  say: (text: string, callId: string) => void
  /** The process was done with a call, and this is what became of it. */
  onExecuted: (execution: Execution) => void
  /** A call has ended, and what became of it. */
  report: (completion: Completion) => void
  /** A call has ended that nobody wants to hear of. */
  onForgotten: () => void
}

interface RunningCall {
  input: Input
  /** Fetched, so that it waits for nothing but a process that is ready. */
  args?: string
  /** With the process, which alone can end it then. */
  isExecuting: boolean
  /** Cancelled: what becomes of it is of no interest. */
  isRevoked: boolean
  timer?: NodeJS.Timeout
  /** When the process got it, and how long it had it. */
  begun: number
  ms?: number
}

/** The calls that the container executes, each from its input to its outcome. */
export class Calls {
  readonly #needs: CallsNeeds
  /** By lease: the same call may be given a second time while its first attempt has not ended. */
  readonly #running = new Map<string, RunningCall>()

  constructor(needs: CallsNeeds) {
    this.#needs = needs
  }

  get count(): number {
    return this.#running.size
  }

  /** Those whose outcome somebody waits for. */
  leases(): string[] {
    return [...this.#running].filter(([, call]) => !call.isRevoked).map(([lease]) => lease)
  }

  async begin(input: Input): Promise<void> {
    const call: RunningCall = { input, isExecuting: false, isRevoked: false, begun: 0 }
    this.#running.set(input.lease, call)
    try {
      call.args = 'json' in input.args ? input.args.json : await this.#needs.fetchArguments(input)
    } catch (error) {
      const message = `The arguments could not be fetched: ${error instanceof Error ? error.message : error}`
      return this.#settle(input.lease, lost(message))
    }
    this.#execute(call)
  }

  /** The process is ready: it gets what has waited for it. */
  resume(): void {
    for (const call of this.#running.values()) this.#execute(call)
  }

  async returned(lease: string, json: string): Promise<void> {
    const call = this.#leaveProcess(lease)
    if (!call) return
    this.#needs.child.succeeded()
    try {
      const result = await this.#needs.storeResult(json)
      this.#settle(lease, { status: 'succeeded', result })
    } catch (error) {
      this.#settle(lease, this.#needs.storeFailure(error))
    }
  }

  threw(lease: string, error: CallError): void {
    if (!this.#leaveProcess(lease)) return
    this.#needs.child.succeeded()
    this.#settle(lease, { status: 'failed', error })
  }

  /** The process ended, and with it what it executed. */
  died(death: Death): void {
    for (const [lease, call] of this.#running) {
      if (!call.isExecuting) continue
      this.#settle(
        lease,
        death.kind === 'crashed' ? { status: 'failed', error: death.error } : lost(inWords(death)),
      )
    }
  }

  /** These no longer count. */
  revoke(leases: string[]): void {
    for (const lease of leases) this.#revoke(lease)
  }

  #execute(call: RunningCall): void {
    const { input, args, isExecuting } = call
    if (args === undefined || isExecuting || !this.#needs.child.isReady) return
    if (this.#running.get(input.lease) !== call) return
    const { lease, callId, pinned } = input
    call.isExecuting = true
    call.begun = performance.now()
    call.timer = setTimeout(() => this.#timeOut(lease, call), this.#needs.spec.timeout * 1000)
    delete call.args
    this.#needs.child.send({ type: 'call', lease, callId, pinned, args })
  }

  #timeOut(lease: string, { input: { callId } }: RunningCall): void {
    const message = `The call took longer than its timeout of ${this.#needs.spec.timeout} s.`
    this.#needs.say(message, callId)
    // First, so that the report finds no room for another input in a process that is being killed.
    this.#needs.child.replace(`call ${callId} took longer than its timeout`)
    this.#settle(lease, { status: 'timed_out', error: { name: 'TimeoutError', message } })
  }

  #revoke(lease: string): void {
    const call = this.#running.get(lease)
    if (!call || call.isRevoked) return
    call.isRevoked = true
    if (call.isExecuting && this.#needs.spec.concurrency > 1) {
      this.#needs.child.send({ type: 'abort', lease })
      return
    }
    if (call.isExecuting) this.#needs.child.replace(`call ${call.input.callId} was cancelled`)
    this.#settle(lease, lost('It was cancelled.'))
  }

  /** The process has done its part: it may be killed without harm to this call. */
  #leaveProcess(lease: string): RunningCall | undefined {
    const call = this.#running.get(lease)
    if (!call?.isExecuting) return undefined
    clearTimeout(call.timer)
    call.isExecuting = false
    call.ms = performance.now() - call.begun
    return call
  }

  #settle(lease: string, outcome: Outcome): void {
    const call = this.#running.get(lease)
    if (!call) return
    clearTimeout(call.timer)
    this.#running.delete(lease)
    if (call.isRevoked) this.#needs.onForgotten()
    else this.#tell(lease, call, outcome)
  }

  #tell(lease: string, call: RunningCall, outcome: Outcome): void {
    const { callId, waitedMs } = call.input
    const ms = call.ms ?? performance.now() - call.begun
    this.#needs.onExecuted({ status: outcome.status, ms, waitedMs })
    this.#needs.report({ callId, lease, outcome })
  }
}

const lost = (message: string): Outcome => ({ status: 'lost', error: { name: 'Lost', message } })
