import type { Clock } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { machineFault } from './machine-fault.ts'

/** What lasts is said again this often, however much fails of it meanwhile. */
const AGAIN_MS = 60_000

interface FailuresOptions {
  /** The state folder. */
  dir: string
  clock: Clock
  log: (message: string) => void
}

/** Tells an operator of what fails: what the machine denies in a sentence, and anything else with its trace. */
export class Failures {
  readonly #options: FailuresOptions
  readonly #told = new Map<string, number>()

  constructor(options: FailuresOptions) {
    this.#options = options
  }

  /** @returns what to answer to whoever asked for it, where there is more to say than that it failed */
  tell(what: string, error: unknown): SluiceError | undefined {
    const { dir, log } = this.#options
    const fault = machineFault(error, dir)
    if (fault === undefined) {
      log(`${what} failed: ${traceOf(error)}`)
      return undefined
    }
    this.#tellSometimes(fault)
    return new SluiceError('unavailable', fault)
  }

  #tellSometimes(fault: string): void {
    const { clock, log } = this.#options
    const last = this.#told.get(fault)
    if (last !== undefined && clock.now() - last < AGAIN_MS) return
    this.#told.set(fault, clock.now())
    log(fault)
  }
}

const traceOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
