import type { CallError } from '../protocol/calls.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Served } from '../protocol/usage.ts'

/** What the supervisor and the process that runs the author's code say to each other, over Node's IPC channel. */

export interface Load {
  env: string
  app: string
  function: string
  version: number
  spec: Pick<FunctionSpec, 'kind' | 'concurrency' | 'timeout' | 'requiresAuth'>
  /** Whether all calls within the app stay on this version. */
  pinned: boolean
  /** The container's root, and the bundle's path below it. */
  root: string
  entry: string
  /** Where a web function listens; port 0 for any free one. */
  host: string
  port: number
  draining: boolean
  /**
   * Environment variables that the child sets itself: secrets, which no list of processes is to show, and what was not
   * known yet where it began before the container knew what it was for.
   */
  variables: Record<string, string>
  /** See `BootResponse`. */
  signingKey: string
  /** What begins the marks of lines that tell their call, known to nobody who does not write them. */
  mark: string
}

/** Whether who sent a web request may; 503 where that cannot be found out. */
export type Verdict =
  | { verdict: 'allowed'; caller: string }
  | { verdict: 'refused'; status: 401 | 403 | 503; detail: string }

export type ToChild =
  | { type: 'load'; load: Load }
  | { type: 'call'; lease: string; callId: string; pinned: boolean; args: string }
  | { type: 'abort'; lease: string }
  | { type: 'drain' }
  | { type: 'verdict'; request: number; verdict: Verdict }
  | { type: 'ping' }

export type FromChild =
  | { type: 'ready'; listening?: { host: string; port: number } }
  /** The bundle could not be loaded; the process is about to exit. */
  | { type: 'unfit'; error: CallError }
  | { type: 'returned'; lease: string; json: string }
  | { type: 'threw'; lease: string; error: CallError }
  /** Web requests and open sockets in flight, and what has ended since the last word. */
  | { type: 'requests'; count: number; served: Served }
  /** Somebody sent a web request with this token: may they? */
  | { type: 'caller'; request: number; token: string }
  | { type: 'pong' }
