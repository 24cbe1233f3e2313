import type { AuthoredFunction, FUNCTION, LocalFolders } from '../protocol/author.ts'
import type { ManifestInput } from '../protocol/manifest.ts'
import { type Duration, toSeconds } from './durations.ts'
import { refuseUnknownKeys } from './known-keys.ts'
import type { Schedule } from './schedules.ts'
import { type Secret, secretNames } from './secret.ts'

interface CommonOptions {
  /** The function's name; that of the export unless given. */
  name?: string
  /** vCPU, in Fargate's sizes: 0.25, 0.5, 1, 2, 4, 8 or 16. */
  cpu?: number
  /** MiB, in Fargate's sizes for that many vCPU. */
  memory?: number
  /** How long one attempt of a call, or one web request, may take. */
  timeout?: Duration
  /** How long a container may take to become ready. */
  startupTimeout?: Duration
  /** Containers that are kept warm, idle or not. */
  minContainers?: number
  maxContainers?: number
  /** Idle containers beyond those that work, while any work. */
  bufferContainers?: number
  /** How long a container may be idle before it is let go. */
  scaledownWindow?: Duration
  /** Inputs, or web requests, that one container handles at once. */
  concurrency?: number
  /** Folders that the function reads: `{ '/assets': './folder' }`, relative to the app's file. */
  files?: LocalFolders
  /** Environment variables, which anybody who looks at the app sees. */
  env?: Record<string, string>
  /** Secrets whose variables the function gets, besides those of the app: a later one wins, and `env` wins over all. */
  secrets?: Secret[]
}

export interface AppOptions {
  /** Secrets whose variables every function of the app gets. */
  secrets?: Secret[]
  /** Words to find the app by, such as `{ team: 'search' }`; "app list" shows them. */
  tags?: Record<string, string>
  /** What must succeed before a version goes live: a path of each web function, or the name of a function to call. */
  check?: string
  /** When a version that has just gone live is rolled back by itself. */
  rollback?: RollbackOptions
}

export interface RollbackOptions {
  /** The share of its calls and requests that may fail; 0.05 unless given. */
  errorRate?: number
  /** For how long after it went live that is watched; 5 minutes unless given. */
  window?: Duration
  /** Fewer calls and requests than these say nothing; 20 unless given. */
  minCalls?: number
}

export interface RetryOptions {
  /** Further attempts after the first. */
  max?: number
  /** By how much each wait is longer than the one before. */
  backoff?: number
  /** The wait before the first retry. */
  initialDelay?: Duration
  maxDelay?: Duration
}

export interface FunctionOptions extends CommonOptions {
  retries?: number | RetryOptions
  schedule?: Schedule
  /** Whether a scheduled call may begin while the one before it still runs. */
  overlap?: 'skip' | 'allow'
}

export interface WebOptions extends CommonOptions {
  /** The first part of the endpoint's host name; made from app and function unless given. */
  label?: string
  /** A path that must answer with success before a version goes live. */
  check?: string
  /** Whether requests have to bring a token that may call functions here; off unless given. */
  requiresAuth?: boolean
}

const APP_KEYS = ['secrets', 'tags', 'check', 'rollback'] satisfies (keyof AppOptions)[]

type Spec = AuthoredFunction[typeof FUNCTION]['spec']

const COMMON = [
  'name',
  'cpu',
  'memory',
  'timeout',
  'startupTimeout',
  'minContainers',
  'maxContainers',
  'bufferContainers',
  'scaledownWindow',
  'concurrency',
  'files',
  'env',
  'secrets',
] as const satisfies (keyof CommonOptions)[]
const FUNCTION_KEYS = [...COMMON, 'retries', 'schedule', 'overlap'] satisfies (keyof FunctionOptions)[]
const WEB_KEYS = [...COMMON, 'label', 'check', 'requiresAuth'] satisfies (keyof WebOptions)[]

/** @throws TypeError for an option that is not known */
export function refuseAppOptions(options: AppOptions): void {
  refuseUnknownKeys('new App(…)', options, APP_KEYS)
  secretNames(options.secrets)
}

/** @throws TypeError for an option that is not known, or a duration that is none */
export function functionSpec(options: FunctionOptions, app: AppOptions = {}): Spec {
  refuseUnknownKeys('app.function(…)', options, FUNCTION_KEYS)
  refuseText(options)
  const { retries, name, files, secrets, ...rest } = options
  return {
    ...inSeconds(rest),
    ...secretsOf(app, options),
    kind: options.schedule ? 'scheduled' : 'plain',
    ...(retries !== undefined && { retries: retrySpec(retries) }),
  }
}

/** @throws TypeError for an option that is not known, or a duration that is none */
export function webSpec(options: WebOptions, app: AppOptions = {}): Spec {
  refuseUnknownKeys('app.web(…)', options, WEB_KEYS)
  refuseText(options)
  const { name, files, secrets, ...rest } = options
  return { ...inSeconds(rest), ...secretsOf(app, options), kind: 'web' }
}

/** Those of the app first, so that those of the function win. */
function secretsOf(app: AppOptions, options: CommonOptions): Pick<Spec, 'secrets'> {
  const own = secretNames(options.secrets)
  const secrets = [...secretNames(app.secrets).filter((name) => !own.includes(name)), ...own]
  return secrets.length > 0 ? { secrets } : {}
}

/** @throws TypeError for an option that is not known, or a duration that is none */
export function rollbackPolicy(options: RollbackOptions): NonNullable<ManifestInput['rollback']> {
  refuseUnknownKeys('rollback', options, ['errorRate', 'window', 'minCalls'])
  const { window, ...rest } = options
  return { ...rest, ...(window !== undefined && { window: toSeconds(window, 'rollback.window') }) }
}

/** Text is what comes to mind first, and what JavaScript would take apart letter by letter. */
function refuseText({ schedule, files }: { schedule?: unknown; files?: unknown }): void {
  if (typeof schedule === 'string') {
    throw new TypeError(`schedule: a text is none. Write Cron(${JSON.stringify(schedule)}).`)
  }
  if (typeof files === 'string') {
    throw new TypeError(
      `files: write where the folder shall appear, too: { '/files': ${JSON.stringify(files)} }.`,
    )
  }
}

function retrySpec(retries: number | RetryOptions): NonNullable<Spec['retries']> {
  if (typeof retries === 'number') return { max: retries }
  refuseUnknownKeys('retries', retries, ['max', 'backoff', 'initialDelay', 'maxDelay'])
  const { initialDelay, maxDelay, ...rest } = retries
  return {
    ...rest,
    ...(initialDelay !== undefined && { initialDelay: toSeconds(initialDelay, 'retries.initialDelay') }),
    ...(maxDelay !== undefined && { maxDelay: toSeconds(maxDelay, 'retries.maxDelay') }),
  }
}

function inSeconds<Options extends CommonOptions>({
  timeout,
  startupTimeout,
  scaledownWindow,
  ...rest
}: Options) {
  return {
    ...rest,
    ...(timeout !== undefined && { timeout: toSeconds(timeout, 'timeout') }),
    ...(startupTimeout !== undefined && { startupTimeout: toSeconds(startupTimeout, 'startupTimeout') }),
    ...(scaledownWindow !== undefined && { scaledownWindow: toSeconds(scaledownWindow, 'scaledownWindow') }),
  }
}
