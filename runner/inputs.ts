import { setTimeout as sleep } from 'node:timers/promises'
import type { Completion, Input } from '../protocol/calls.ts'
import { request } from '../protocol/http.ts'
import type { Directive, NextResponse } from '../protocol/runtime.ts'
import type { ControlPlane } from './control-plane.ts'

/** Requests for inputs at once. More than one, so that a call that ends need not wait until a held one returns. */
const MAX_POLLS = 4
/** Characters of results in one request, so that its body stays below what the control plane takes. */
const BATCH_CHARACTERS = 1_000_000
/** What an outcome without an inline result is counted as. */
const OUTCOME_CHARACTERS = 25_000
/** An empty answer that came sooner was not held; asking on at once would be a busy loop. */
const HELD_MS = 50
const PAUSE_MS = 100
const WAIT_TIMEOUT_MS = 45_000
/** A container that gives up waits no longer for its outcomes to be accepted. */
const LAST_OUTCOMES_MS = 30_000

export interface InputsNeeds {
  control: ControlPlane
  /** How many more inputs the container can take now. */
  room: () => number
  begin: (input: Input) => void
  obey: (directive: Directive) => void
  onDelivered: () => void
  onFailure: (error: unknown) => void
}

/**
 * Fetches inputs and returns outcomes. A request that returns an outcome also asks for what became free with it, and for
 * whatever else is free, so a call costs one request: none is made for room alone while another one waits for inputs.
 * Room that a request has asked for is reserved until it is answered: requests that are out at the same time never ask for
 * more than there is.
 */
export class Inputs {
  readonly #needs: InputsNeeds
  #outbox: Completion[] = []
  readonly #sent = new Set<Completion>()
  readonly #wakes: string[] = []
  #polls = 0
  #reserved = 0
  #isDelivering = false
  #isDue = false
  #onConcluded: () => void = () => undefined

  constructor(needs: InputsNeeds) {
    this.#needs = needs
  }

  /** Leases of outcomes that were not accepted yet. */
  undelivered(): string[] {
    return [...this.#outbox, ...this.#sent].map(({ lease }) => lease)
  }

  report(completion: Completion): void {
    this.#outbox.push(completion)
    this.look()
  }

  /** Settles once every outcome is accepted, or it is clear that none will be. */
  async conclude(): Promise<void> {
    if (this.undelivered().length === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onConcluded = resolve
    const timer = setTimeout(resolve, LAST_OUTCOMES_MS)
    await promise
    clearTimeout(timer)
  }

  /** Something has changed; what changed in the same turn, as outcomes that came in one go, is seen to together. */
  look(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#ask()
    })
  }

  #ask(): void {
    const room = Math.max(0, this.#needs.room() - this.#reserved)
    if (room > 0 && this.#isWorthAPoll()) this.#run(this.#poll(room))
    else if (this.#hasToSay(room) && !this.#isDelivering) this.#run(this.#deliver())
    else return
    // What did not fit into one request goes with the next.
    if (this.#outbox.length > 0) this.#ask()
  }

  #isWorthAPoll(): boolean {
    if (this.#polls === 0) return true
    return this.#polls < MAX_POLLS && (this.#outbox.length > 0 || this.#wakes.length > 0)
  }

  /** Without room, what it was told where it waited is for another container. */
  #hasToSay(room: number): boolean {
    return this.#outbox.length > 0 || (room === 0 && this.#wakes.length > 0)
  }

  #run(exchange: Promise<void>): void {
    exchange.then(
      () => {
        this.look()
        if (this.undelivered().length === 0) this.#onConcluded()
      },
      (error: unknown) => {
        this.#needs.onFailure(error)
        this.#onConcluded()
      },
    )
  }

  async #poll(free: number): Promise<void> {
    this.#polls += 1
    this.#reserved += free
    try {
      const begun = performance.now()
      const answer = await this.#exchange(free)
      if (answer.inputs.length === 0 && answer.directive === 'work') await this.#wait(answer, begun)
    } finally {
      this.#polls -= 1
      this.#reserved -= free
    }
  }

  async #deliver(): Promise<void> {
    this.#isDelivering = true
    try {
      await this.#exchange(0)
    } finally {
      this.#isDelivering = false
    }
  }

  async #exchange(free: number): Promise<NextResponse> {
    const completed = this.#take()
    const wake = this.#wakes.shift()
    const answer = await this.#needs.control.next({ completed, free, ...(wake !== undefined && { wake }) })
    for (const completion of completed) this.#sent.delete(completion)
    for (const input of answer.inputs) this.#needs.begin(input)
    this.#needs.obey(answer.directive)
    if (completed.length > 0) this.#needs.onDelivered()
    return answer
  }

  #take(): Completion[] {
    const completed: Completion[] = []
    for (let size = 0; this.#outbox[0] && size < BATCH_CHARACTERS; ) {
      const [completion] = this.#outbox.splice(0, 1)
      if (!completion) break
      completed.push(completion)
      this.#sent.add(completion)
      size += sizeOf(completion)
    }
    return completed
  }

  /** Where the server could not hold the request, it names an address that answers once there may be work. */
  async #wait({ waitAt }: NextResponse, begun: number): Promise<void> {
    if (waitAt === undefined) {
      if (performance.now() - begun < HELD_MS) await sleep(PAUSE_MS)
      return
    }
    try {
      const { status, body } = await request({ method: 'GET', url: waitAt, timeoutMs: WAIT_TIMEOUT_MS })
      if (status < 300) this.#wakes.push(body.toString())
      else await sleep(PAUSE_MS)
    } catch {
      // The control plane is asked anew: it names another address, or its own absence is noticed there.
      await sleep(PAUSE_MS)
    }
  }
}

function sizeOf({ outcome }: Completion): number {
  if (outcome.status !== 'succeeded' || !('json' in outcome.result)) return OUTCOME_CHARACTERS
  return outcome.result.json.length
}
