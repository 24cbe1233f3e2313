import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import util from 'node:util'
import type { VersionView } from '../protocol/api.ts'
import { APP, type AuthoredApp, type AuthoredFunction } from '../protocol/author.ts'
import { AppFunction, type Definition, type FetchHandler, WebFunction } from './app-function.ts'
import { defaultClient } from './client.ts'
import { containerRuntime, rememberLocalMounts } from './container.ts'
import type { DeployOptions } from './deploy/deploy.ts'
import {
  type AppOptions,
  type FunctionOptions,
  functionSpec,
  refuseAppOptions,
  rollbackPolicy,
  type WebOptions,
  webSpec,
} from './options.ts'

type Handler<Args extends unknown[], Result> = (...args: Args) => Result
/** A handler, or an app of Hono, H3 (2 and later), itty-router and the like. */
type WebHandler = FetchHandler | { fetch: FetchHandler }

/** An app: functions that are deployed together, under one version. The default export of its file. */
export class App implements AuthoredApp {
  readonly [APP]: AuthoredApp[typeof APP]
  readonly #file: string | undefined
  readonly #options: AppOptions

  /** @throws TypeError without a name, or for an option that is not known */
  constructor(name: string, options: AppOptions = {}) {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError("An app needs a name, such as new App('podcast-search').")
    }
    refuseAppOptions(options)
    const { tags = {}, check, rollback } = options
    this[APP] = {
      name,
      functions: [],
      ...(Object.keys(tags).length > 0 && { tags }),
      ...(check !== undefined && { check }),
      ...(rollback && { rollback: rollbackPolicy(rollback) }),
    }
    this.#options = options
    this.#file = callersFile()
  }

  get name(): string {
    return this[APP].name
  }

  /**
   * Adds a function.
   * @throws TypeError for an option that is not known
   */
  function<Args extends unknown[], Result>(handler: Handler<Args, Result>): AppFunction<Args, Result>
  function<Args extends unknown[], Result>(
    options: FunctionOptions,
    handler: Handler<Args, Result>,
  ): AppFunction<Args, Result>
  function<Args extends unknown[], Result>(
    ...given: [Handler<Args, Result>] | [FunctionOptions, Handler<Args, Result>]
  ): AppFunction<Args, Result> {
    const [options, handler] = withOptions<FunctionOptions, Handler<Args, Result>>(given)
    refuseNonFunction('app.function(…)', handler)
    return this.#add(new AppFunction(this.#define(options, functionSpec(options, this.#options)), handler))
  }

  /**
   * Adds a function that answers web requests under its own URL.
   * @throws TypeError for an option that is not known
   */
  web(handler: WebHandler): WebFunction
  web(options: WebOptions, handler: WebHandler): WebFunction
  web(...given: [WebHandler] | [WebOptions, WebHandler]): WebFunction {
    const [options, handler] = withOptions<WebOptions, WebHandler>(given)
    const fetch = typeof handler === 'function' ? handler : handler?.fetch?.bind(handler)
    refuseNonFunction('app.web(…)', fetch)
    return this.#add(new WebFunction(this.#define(options, webSpec(options, this.#options)), fetch))
  }

  /**
   * Deploys the app, as `sluice deploy` does.
   * @returns the version, once it is live
   * @throws DeployFault where the app cannot be deployed, or its new version did not become live
   */
  async deploy(options: DeployOptions = {}): Promise<VersionView> {
    if (containerRuntime()) throw new Error('app.deploy() works outside of containers only.')
    const entry = options.entry ?? this.#file
    if (!entry) throw new TypeError('app.deploy() needs `entry`, the path of the file that exports the app.')
    const { deployFile } = await import('./deploy/deploy.ts')
    return deployFile({ ...options, entry, api: defaultClient().api })
  }

  #define(options: FunctionOptions | WebOptions, spec: Definition['spec']): Definition {
    const folders = options.files ?? {}
    if (this.#file && !containerRuntime()) rememberLocalMounts(folders, dirname(this.#file))
    return { app: this, appName: this.name, file: this.#file, name: options.name, spec, folders }
  }

  #add<Authored extends AuthoredFunction>(authored: Authored): Authored {
    this[APP].functions.push(authored)
    return authored
  }
}

function withOptions<Options extends object, Handler>(
  given: [Handler] | [Options, Handler],
): [Options, Handler] {
  return given.length === 1 ? [{} as Options, given[0]] : given
}

function refuseNonFunction(what: string, handler: unknown): void {
  if (typeof handler === 'function') return
  throw new TypeError(
    `${what} needs a handler, a function, as its last argument; it was given ${typeof handler}.`,
  )
}

/** The file that called into this one. Undefined in a bundle, where both are one file, and before Node.js 22.9. */
function callersFile(): string | undefined {
  // As Node.js loaded it: a source map takes long to read, and each container would read its own.
  const frames = util.getCallSites?.({ sourceMap: false }) ?? []
  const caller = frames.find(({ scriptName }) => scriptName !== import.meta.url)?.scriptName
  return caller?.startsWith('file:') ? fileURLToPath(caller) : undefined
}
