import { randomUUID } from 'node:crypto'
import type { CallError } from '../protocol/calls.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Check, Directive } from '../protocol/runtime.ts'
import { StartCheck } from './check.ts'
import type { ControlPlane } from './control-plane.ts'
import { type Death, inWords } from './death.ts'
import type { FromChild, ToChild, Verdict } from './ipc.ts'
import type { Journal } from './journal.ts'
import { addressOf } from './own-address.ts'

/** Before the control plane gives the container up, there is to be time to say why. */
const LAST_WORDS_MS = 2_000
const CHECK_MAY: Verdict = { verdict: 'allowed', caller: 'sluice' }

export interface OpeningNeeds {
  spec: FunctionSpec
  check?: Check | undefined
  control: ControlPlane
  journal: Journal
}

interface Surroundings {
  send: (message: ToChild) => void
  onOpen: (directive: Directive) => void
  onUnfit: (fault: CallError) => void
}

/** From the author's code that is loaded to a container that the control plane gives work: its check lies in between. */
export class Opening {
  readonly #needs: OpeningNeeds
  readonly #surroundings: Surroundings
  readonly #check: StartCheck | undefined
  /** Looks like a token, but the check alone knows it. */
  readonly #pass = `sct_${randomUUID()}`
  #isOpen = false

  constructor(needs: OpeningNeeds, surroundings: Surroundings) {
    this.#needs = needs
    this.#surroundings = surroundings
    this.#check = needs.check && this.#makeCheck(needs.check)
  }

  /** The control plane knows that the container can take work. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  async open(listening: { host: string; port: number } | undefined): Promise<void> {
    const fault = await this.#check?.run(listening)
    if (fault) return this.#fail(fault)
    const { control, journal } = this.#needs
    // Before anybody else can say what follows from it.
    journal.system('The container is ready.')
    const address = listening && addressOf(listening)
    const { directive } = await control.ready({ ...(address !== undefined && { address }) })
    this.#isOpen = true
    this.#surroundings.onOpen(directive)
  }

  /** True where the message was about the check, and about no call. */
  heard(message: FromChild): boolean {
    return this.#check?.heard(message) ?? false
  }

  /** What a token may that only the check can have brought. */
  judge(token: string): Verdict | undefined {
    return token === this.#pass ? CHECK_MAY : undefined
  }

  died(death: Death): void {
    if (!this.#isOpen) this.#check?.died(inWords(death))
  }

  #makeCheck(check: Check): StartCheck {
    const { spec } = this.#needs
    return new StartCheck({
      check,
      deadline: performance.now() + spec.startupTimeout * 1000 - LAST_WORDS_MS,
      send: this.#surroundings.send,
      pass: spec.requiresAuth ? this.#pass : undefined,
    })
  }

  #fail(fault: CallError): void {
    this.#needs.journal.system(`The check was not passed: ${fault.message}`)
    this.#surroundings.onUnfit(fault)
  }
}
