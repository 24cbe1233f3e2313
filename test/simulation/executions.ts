import type { Completion, Input, Outcome } from '../../protocol/calls.ts'
import type { FunctionSpec } from '../../protocol/manifest.ts'
import type { Line } from './line.ts'
import type { SimulatedUsage } from './usage.ts'

const MOST_OVERHEARD = 20

type Fault = 'hang' | 'overrun' | 'lateAnswer' | 'doubledAnswer' | 'forgery'

/** What a container does with the inputs that it was given, and what it says of them. */
export class Executions {
  readonly running = new Map<string, Input>()
  readonly #id: string
  readonly #line: Line
  readonly #usage: SimulatedUsage
  #finished: Completion[] = []
  /** Those that it tells of though their leases were revoked. */
  readonly #stubborn = new Set<string>()

  constructor(id: string, line: Line, usage: SimulatedUsage) {
    this.#id = id
    this.#line = line
    this.#usage = usage
  }

  get finished(): Completion[] {
    return this.#occurs('forgery') ? [...this.#finished, ...this.#forged()] : this.#finished
  }

  /** The runner ends what takes longer than its timeout, mostly. */
  begin(input: Input, { timeout }: FunctionSpec): void {
    const { time, random, overheard } = this.#line.surroundings
    this.running.set(input.lease, input)
    overheard.push({ container: this.#id, ...input })
    if (overheard.length > MOST_OVERHEARD) overheard.shift()
    const long = random.chance(0.1)
    const takes = long ? random.between(2_000, 20_000) : random.between(5, 500)
    const hangs = this.#occurs('hang')
    if (this.#occurs('overrun')) return
    const end = outcomeOf(input, hangs ? 'timed_out' : random.chance(0.1) ? 'failed' : 'succeeded')
    time.after(hangs ? timeout * 1000 : takes, () => this.#end(input, end))
  }

  /** The answer to `next` has come: these have been heard. */
  delivered(completed: Completion[]): void {
    for (const { lease } of completed) this.running.delete(lease)
    const again = completed.filter(
      (completion) => this.#stubborn.delete(completion.lease) || this.#isDoubled(completion),
    )
    this.#finished = [...this.#finished.filter((one) => !completed.includes(one)), ...again]
  }

  revoke(leases: string[]): void {
    for (const lease of leases) this.running.delete(lease)
    this.#finished = this.#finished.filter(
      ({ lease }) => !leases.includes(lease) || this.#stubborn.has(lease),
    )
  }

  #end(input: Input, outcome: Outcome): void {
    const { time, random } = this.#line.surroundings
    const { callId, lease, waitedMs } = input
    if (!this.running.has(lease)) return
    this.#usage.executed({ status: outcome.status === 'lost' ? 'failed' : outcome.status, ms: 1, waitedMs })
    if (!this.#occurs('lateAnswer')) {
      this.#finished.push({ callId, lease, outcome })
      return
    }
    this.#stubborn.add(lease)
    time.after(random.between(5_000, 60_000), () => this.#finished.push({ callId, lease, outcome }))
  }

  #isDoubled({ lease }: Completion): boolean {
    return lease.startsWith('le-') && this.#occurs('doubledAnswer')
  }

  /** Of a call of another container, under its lease; and of one of its own, under a lease that it has made up. */
  #forged(): Completion[] {
    const { random, overheard } = this.#line.surroundings
    const outcome: Outcome = { status: 'succeeded', result: { json: '"forged"' } }
    const others = random.pick(overheard.filter(({ container }) => container !== this.#id))
    const own = random.pick([...this.running.values()])
    return [
      ...(others ? [{ callId: others.callId, lease: others.lease, outcome }] : []),
      ...(own ? [{ callId: own.callId, lease: `forged ${own.lease}`, outcome }] : []),
    ]
  }

  #occurs(fault: Fault): boolean {
    return this.#line.surroundings.injector.occurs(fault, this.#id)
  }
}

/** The result names its lease, so that one recorded under another is seen. */
function outcomeOf({ lease }: Input, status: 'succeeded' | 'failed' | 'timed_out'): Outcome {
  return status === 'succeeded'
    ? { status, result: { json: JSON.stringify(lease) } }
    : { status, error: { name: 'Error', message: lease } }
}
