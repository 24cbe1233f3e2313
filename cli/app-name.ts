import { InvalidArgumentError } from 'commander'
import type { Api } from '../sdk/api.ts'

export interface AppReference {
  app: string
  /** The environment, if the name says it; otherwise the one that is meant is the command's. */
  env?: string
}

/** `podcast-search`, or `staging/podcast-search` as messages write it. */
export function parseApp(text: string): AppReference {
  const [app = '', env, ...rest] = text.split('/').reverse()
  if (!app || env === '' || rest.length > 0) {
    throw new InvalidArgumentError('Write an app as NAME, or as ENV/NAME.')
  }
  return { app, ...(env && { env }) }
}

export interface FunctionReference extends AppReference {
  function: string
}

/** `podcast-search.search`; an app's name may have dots of its own, a function's not. */
export function parseFunction(text: string): FunctionReference {
  const dot = text.lastIndexOf('.')
  const name = text.slice(dot + 1)
  if (dot < 1 || !name) throw new InvalidArgumentError('Write a function as APP.FUNCTION.')
  return { ...parseApp(text.slice(0, dot)), function: name }
}

/** `3` or `v3`. */
export function parseVersion(text: string): number {
  const [, digits] = /^v?([1-9]\d{0,8})$/.exec(text) ?? []
  if (!digits) throw new InvalidArgumentError('A version is a number, such as 3 or v3.')
  return Number(digits)
}

/** What a request about the app carries. */
export function about(api: Api, { app, env }: AppReference) {
  return { params: { app }, query: { env: env ?? api.config.env } }
}

/** The same about a function of it. */
export function aboutFunction(api: Api, { function: name, ...reference }: FunctionReference) {
  const { params, query } = about(api, reference)
  return { params: { ...params, function: name }, query }
}
