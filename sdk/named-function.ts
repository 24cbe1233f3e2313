import type { AppFunction } from './app-function.ts'
import type { Client } from './client.ts'
import { containerRuntime, pinnedVersion } from './container.ts'
import { RemoteCallable, type Target } from './remote.ts'

type Signature = (...args: never[]) => unknown
/** A function's type, or that of what `app.function(…)` returned: `typeof transcribe`. */
type Described = Signature | AppFunction<never[], unknown>
type ArgsOf<F extends Described> =
  F extends AppFunction<infer Args, unknown>
    ? Args
    : F extends (...args: infer Args) => unknown
      ? Args
      : never
type ResultOf<F extends Described> =
  F extends AppFunction<never[], infer Result>
    ? Result
    : F extends (...args: never[]) => infer Result
      ? Result
      : never

export interface LookupOptions {
  env?: string
  /** Every call runs on this version, also after it was replaced. */
  version?: number
  client?: Client
}

/** A deployed function, known by its name only. */
export class NamedFunction<Args extends unknown[], Result> extends RemoteCallable<Args, Result> {
  readonly #target: Target

  private constructor(target: Target) {
    super()
    this.#target = target
  }

  /**
   * Makes no request: whether there is such a function is found out by the first call.
   * @example const search = Function.fromName<typeof app.search>('podcasts', 'search')
   */
  static fromName<F extends Described = (...args: unknown[]) => unknown>(
    app: string,
    name: string,
    options: LookupOptions = {},
  ): NamedFunction<ArgsOf<F>, ResultOf<F>> {
    return new NamedFunction({ app, function: name, ...options })
  }

  /** What is pinned to its version stays there also where it knows a function of its own app by name. */
  protected override target(): Target {
    const runtime = containerRuntime()
    const { app, env = runtime?.env, version } = this.#target
    const isOwn = runtime?.app === app && runtime.env === env
    return version === undefined && isOwn ? { ...this.#target, version: pinnedVersion() } : this.#target
  }
}
