import type { Ports } from '../../control/ports.ts'
import * as runtime from '../../control/runtime.ts'
import type { Completion, Input } from '../../protocol/calls.ts'
import type { BootResponse, Directive } from '../../protocol/runtime.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'
import { SimulatedUsage } from './usage.ts'

/** How a simulated container reaches the control plane: messages take time, and may be lost either way. */
export interface Line {
  time: Time
  random: Random
  ports: Ports
  injector: FaultInjector
}

export interface Observer {
  /** It was told what it is to run, with these variables of secrets. */
  booted(container: SimulatedContainer, secrets: Record<string, string>): void
  /** An input was given to a container. */
  began(container: SimulatedContainer, input: Input): void
  exited(container: SimulatedContainer): void
  /** It was told to exit, and does. */
  left(container: SimulatedContainer): void
}

const HEARTBEAT_MS = 5_000
const IDLE_POLL_MS = 1_000
const REPORT_MS = 2_000

/** A container as the control plane sees it: it boots, works, drains and exits, or dies at any moment. */
export class SimulatedContainer {
  readonly id: string
  version = 0
  functionName = ''
  alive = true
  /** Web requests that it serves. */
  requests = 0
  readonly running = new Map<string, Input>()
  readonly usage: SimulatedUsage
  #finished: Completion[] = []
  #draining = false
  readonly #line: Line
  readonly #observer: Observer

  constructor(id: string, line: Line, observer: Observer) {
    this.id = id
    this.#line = line
    this.usage = new SimulatedUsage(REPORT_MS, line.time)
    this.#observer = observer
  }

  async run(): Promise<void> {
    const { time, random } = this.#line
    await time.sleep(random.between(50, 400))
    const spec = await this.#ask(() => runtime.boot(this.#line.ports, this.id))
    if (!spec || !this.alive) return
    this.version = spec.version
    this.functionName = spec.function
    this.#observer.booted(this, spec.secrets ?? {})
    if (spec.spec.env.BROKEN) return this.die()
    await time.sleep(random.between(20, 200))
    await this.#ask(() => runtime.ready(this.#line.ports, this.id, { address: `${this.id}:80` }))
    void this.#beat()
    if (spec.spec.kind !== 'web') await this.#work(spec)
  }

  /** The process is gone, and what it was doing with it. */
  die(): void {
    if (!this.alive) return
    this.alive = false
    this.running.clear()
    this.#observer.exited(this)
  }

  async #work({ spec }: BootResponse): Promise<void> {
    while (this.alive) {
      const completed = this.#finished
      const free = this.#draining ? 0 : spec.concurrency - this.running.size
      const answer = await this.#ask(() => runtime.next(this.#line.ports, this.id, { completed, free }))
      if (!answer || !this.alive) return
      this.#finished = this.#finished.filter((outcome) => !completed.includes(outcome))
      for (const { lease } of completed) this.running.delete(lease)
      for (const input of answer.inputs) this.#begin(input)
      this.#obey(answer.directive)
      await this.#line.time.sleep(answer.inputs.length > 0 ? 5 : IDLE_POLL_MS)
    }
  }

  #begin(input: Input): void {
    const { time, random } = this.#line
    this.running.set(input.lease, input)
    this.#observer.began(this, input)
    const long = random.chance(0.1)
    time.after(long ? random.between(2_000, 20_000) : random.between(5, 500), () => {
      if (!this.alive || !this.running.has(input.lease)) return
      const { callId, lease, waitedMs } = input
      const failed = random.chance(0.1)
      this.usage.executed({ status: failed ? 'failed' : 'succeeded', ms: 1, waitedMs })
      this.#finished.push({
        callId,
        lease,
        // The result names its lease, so that one recorded under another is seen.
        outcome: failed
          ? { status: 'failed', error: { name: 'Error', message: lease } }
          : { status: 'succeeded', result: { json: JSON.stringify(lease) } },
      })
    })
  }

  async #beat(): Promise<void> {
    while (this.alive) {
      const stats = this.usage.report()
      const pulse = { running: [...this.running.keys()], requests: this.requests, draining: this.#draining }
      const body = { ...pulse, ...(stats && { stats }) }
      const answer = await this.#ask(() => runtime.heartbeat(this.#line.ports, this.id, body))
      if (!answer || !this.alive) return
      if (stats) this.usage.accepted(stats)
      for (const lease of answer.revoked) {
        this.running.delete(lease)
        this.#finished = this.#finished.filter((outcome) => outcome.lease !== lease)
      }
      this.#obey(answer.directive)
      await this.#line.time.sleep(this.#draining ? IDLE_POLL_MS : HEARTBEAT_MS)
    }
  }

  #obey(directive: Directive): void {
    if (directive !== 'work') this.#draining = true
    if (directive !== 'exit') return
    this.#observer.left(this)
    this.die()
  }

  /** Asks until there is an answer; undefined once the control plane says that the container is no more. */
  async #ask<Answer>(request: () => Promise<Answer>): Promise<Answer | undefined> {
    const { time, random, injector } = this.#line
    while (this.alive) {
      await time.sleep(random.between(1, 10))
      if (injector.occurs('loss', 'request')) {
        await time.sleep(random.between(100, 1_000))
        continue
      }
      try {
        const answer = await request()
        await time.sleep(random.between(1, 10))
        if (!injector.occurs('loss', 'answer')) return answer
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'container_gone') {
          this.die()
          return undefined
        }
        await time.sleep(random.between(100, 1_000))
      }
    }
    return undefined
  }
}
