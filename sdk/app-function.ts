import { pathToFileURL } from 'node:url'
import { type AuthoredApp, type AuthoredFunction, FUNCTION, nameFunctions } from '../protocol/author.ts'
import { containerRuntime, pinnedVersion } from './container.ts'
import { RemoteCallable, type Target } from './remote.ts'

type Authored = AuthoredFunction[typeof FUNCTION]

export interface Definition {
  app: AuthoredApp
  /** The name that the app is deployed under. */
  appName: string
  /** The file that exports the function, where it is known. */
  file: string | undefined
  name: string | undefined
  spec: Authored['spec']
  folders: Authored['folders']
}

/** A function of an app: `.remote`, `.spawn` and `.map` run it where it is deployed, `.local` here and now. */
export class AppFunction<Args extends unknown[], Result>
  extends RemoteCallable<Args, Result>
  implements AuthoredFunction
{
  readonly [FUNCTION]: Authored
  readonly #definition: Definition
  readonly #handler: (...args: Args) => Result

  constructor(definition: Definition, handler: (...args: Args) => Result) {
    super()
    const { app, name, spec, folders } = definition
    this[FUNCTION] = { app, name, spec, folders, handler }
    this.#definition = definition
    this.#handler = handler
  }

  /** Runs the handler in this process. */
  local(...args: Args): Result {
    return this.#handler(...args)
  }

  /** Within a container, the app and environment that it runs for; and its version, where it may be no other. */
  protected override async target(): Promise<Target> {
    const name = this[FUNCTION].name ?? (await this.#findName())
    const runtime = containerRuntime()
    if (!runtime) return { app: this.#definition.appName, function: name }
    const { app, env } = runtime
    return { app, env, function: name, version: pinnedVersion() }
  }

  /** Whoever loads a bundle names its functions; in a plain program nobody has, so the app's file is asked. */
  async #findName(): Promise<string> {
    const { file } = this.#definition
    if (file) nameFunctions(await import(pathToFileURL(file).href))
    const { name } = this[FUNCTION]
    if (name) return name
    throw new TypeError(
      'This function has no name to call it by. Export it from the file that makes the app, or give it a `name`.',
    )
  }
}

export type FetchHandler = (request: Request) => Response | Promise<Response>

/** A web function of an app: reached over HTTP where it is deployed, `.local` here and now. */
export class WebFunction implements AuthoredFunction {
  readonly [FUNCTION]: Authored
  readonly #handler: FetchHandler

  constructor({ app, name, spec, folders }: Definition, handler: FetchHandler) {
    this[FUNCTION] = { app, name, spec, folders, handler }
    this.#handler = handler
  }

  /** Answers the request in this process. */
  async local(request: Request): Promise<Response> {
    return this.#handler(request)
  }
}
