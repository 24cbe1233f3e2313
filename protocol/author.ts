import type { FunctionSpecInput, ManifestInput } from './manifest.ts'

/**
 * What the author's bundle and the process that loads it say to each other. The SDK is part of the bundle and may be of
 * another release than the loader, so they meet by well-known symbols and these shapes, not by class.
 */
export const APP = Symbol.for('sluice.app')
export const FUNCTION = Symbol.for('sluice.function')
export const RUNTIME = Symbol.for('sluice.runtime')

/** A folder of the author's that the deployer reads: where it appears, and its path relative to the entry file. */
export type LocalFolders = Record<string, string>

/** What `app.function(…)` and `app.web(…)` make, and what a bundle exports. */
export interface AuthoredFunction {
  readonly [FUNCTION]: {
    app: AuthoredApp
    /** Given by the author; otherwise the name of the export. Whoever loads the bundle writes it. */
    name: string | undefined
    /** Everything but the mounts, which the deployer makes of `folders`. */
    spec: Omit<FunctionSpecInput, 'mounts'>
    folders: LocalFolders
    /** Plain and scheduled functions take the call's arguments; web ones a `Request`, and answer a `Response`. */
    handler: (...args: never[]) => unknown
  }
}

/** The default export of a bundle. */
export interface AuthoredApp {
  readonly [APP]: {
    name: string
    functions: AuthoredFunction[]
    tags?: Record<string, string>
    check?: string
    rollback?: ManifestInput['rollback']
  }
}

/** What the container offers to the SDK inside the author's bundle, as `globalThis[RUNTIME]`; absent elsewhere. */
export interface ContainerRuntime {
  app: string
  env: string
  function: string
  version: number
  /** Whether all calls within the app stay on this version, whatever they are made for. */
  pinned?: boolean
  /** The call that the calling code runs for, if any. */
  currentCall(): { id: string; pinned: boolean; signal: AbortSignal } | undefined
  /** A keyed hash (HMAC-SHA-256, hex) that all containers of this function agree on, of whatever version, and no others. */
  sign(text: string): string
  /** Completes the handshake of a WebSocket request. Throws where the request is no such thing. */
  upgradeWebSocket(request: Request): { socket: WebSocket; response: Response }
}

/** What the deployer learns by loading the bundle once. */
export interface AppDescription {
  name: string
  tags?: Record<string, string>
  check?: string
  rollback?: ManifestInput['rollback']
  functions: { name: string; spec: Omit<FunctionSpecInput, 'mounts'>; folders: LocalFolders }[]
}

export const isAuthoredFunction = (value: unknown): value is AuthoredFunction =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && FUNCTION in value

export const isAuthoredApp = (value: unknown): value is AuthoredApp =>
  typeof value === 'object' && value !== null && APP in value

/**
 * Gives every function of the app its name: the author's own, or that of the export.
 * @returns the functions by name, and what is wrong with the file, in words for its author.
 */
export function nameFunctions(exports: Record<string, unknown>): {
  app: AuthoredApp | undefined
  functions: Map<string, AuthoredFunction>
  faults: string[]
} {
  const app = exports.default
  if (!isAuthoredApp(app)) {
    return {
      app: undefined,
      functions: new Map(),
      faults: [
        'The file has no app as its default export. End it with `export default app`, where app = new App(…).',
      ],
    }
  }
  const faults: string[] = []
  for (const [name, value] of Object.entries(exports)) {
    if (isAuthoredFunction(value) && value[FUNCTION].app === app) value[FUNCTION].name ??= name
  }
  const functions = new Map<string, AuthoredFunction>()
  for (const authored of app[APP].functions) {
    const { name } = authored[FUNCTION]
    if (name === undefined)
      faults.push('A function is neither exported nor named. Export it, or give it a `name`.')
    else if (functions.has(name)) faults.push(`Two functions are named "${name}". Rename one of them.`)
    else functions.set(name, authored)
  }
  if (faults.length === 0 && functions.size === 0)
    faults.push('The app has no functions. Add one with app.function(…) or app.web(…).')
  return { app, functions, faults }
}
