import type { Ports } from '../../control/ports.ts'
import type { Input } from '../../protocol/calls.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

export interface Surroundings {
  time: Time
  random: Random
  injector: FaultInjector
  /** Of whichever control plane answers now. */
  ports(): Ports
  /** What containers were given, as others may hear of it that should not. */
  overheard: Overheard[]
  /** What is heard at an address where a container was told to wait. */
  wait(address: string): string
  /** The latest calls, newest first, as others may know of them who have made them. */
  known(): readonly string[]
}

export type Overheard = Input & { container: string }

/** What has not come within so long is asked for again, though it may still arrive. Milliseconds. */
const TIMEOUT_MS = 10_000
const PATIENCE_MS = { least: 100, most: 1_000 } as const

/** How one container reaches the control plane: messages take time, get lost either way, or arrive long after. */
export class Line {
  readonly surroundings: Surroundings
  readonly #id: string
  #cutOffUntil = 0
  /** Signs of life that have reached the control plane, and wait for its answer. */
  #waiting = 0
  #heardAt = 0

  constructor(id: string, surroundings: Surroundings) {
    this.surroundings = surroundings
    this.#id = id
  }

  /**
   * Asks until there is an answer; undefined once the control plane says that the container is no more, or it is not.
   * @param compose says for each attempt what is so then, which is what arrives however late it does
   */
  async ask<Answer>(
    compose: () => (ports: Ports) => Promise<Answer>,
    { isAlive, isSign }: { isAlive: () => boolean; isSign: boolean },
  ): Promise<Answer | undefined> {
    const { time, random, ports } = this.surroundings
    while (isAlive()) {
      await time.sleep(Math.max(random.between(1, 10), this.#cutOffUntil - time.now))
      const request = compose()
      if (this.#goesAstray(request)) {
        await this.#wait()
        continue
      }
      try {
        const answer = await this.#inTime(request(ports()), isSign)
        await time.sleep(random.between(1, 10))
        if (!this.#occurs('loss')) return answer
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'container_gone') return undefined
        await this.#wait()
      }
    }
    return undefined
  }

  /** For how long the control plane cannot have heard of it, milliseconds. */
  get silentMs(): number {
    return this.#waiting > 0 ? 0 : this.surroundings.time.now - this.#heardAt
  }

  /** Nothing gets through for a while, longer than it takes to be given up for dead. */
  cutOff(): void {
    const { time, random } = this.surroundings
    this.#cutOffUntil = time.now + random.between(10_000, 60_000)
  }

  /** As long as it may be answered it is asked once only. */
  async #inTime<Answer>(answer: Promise<Answer>, isSign: boolean): Promise<Answer> {
    const { time, injector } = this.surroundings
    if (isSign) this.#waiting++
    try {
      if (!injector.canOccur('pause') && !injector.canOccur('freeze')) return await answer
      const timeout = time.sleep(TIMEOUT_MS).then(() => {
        throw new Error('timed out')
      })
      return await Promise.race([answer, timeout])
    } finally {
      if (isSign) {
        this.#waiting--
        this.#heardAt = time.now
      }
    }
  }

  #goesAstray(request: (ports: Ports) => Promise<unknown>): boolean {
    const { time, random, ports } = this.surroundings
    if (this.#occurs('loss')) return true
    if (!this.#occurs('lateRequest')) return false
    // Nobody waits for its answer any more, and its container may be gone.
    time.after(random.between(1_000, 30_000), () => void request(ports()).catch(() => {}))
    return true
  }

  #occurs(fault: 'loss' | 'lateRequest'): boolean {
    return this.surroundings.injector.occurs(fault, this.#id)
  }

  #wait(): Promise<void> {
    const { time, random } = this.surroundings
    return time.sleep(random.between(PATIENCE_MS.least, PATIENCE_MS.most))
  }
}
