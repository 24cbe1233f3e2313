import type {
  AppState,
  Commit,
  ContainerState,
  Origin,
  RolloutStep,
  Strategy,
  VersionError,
  VersionStatus,
} from '../protocol/api.ts'
import type { AuditAction } from '../protocol/audit.ts'
import type { Overrides } from '../protocol/autoscaler.ts'
import type { CallError, CallStatus, Payload } from '../protocol/calls.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import type { UsageCounts } from '../protocol/usage.ts'

/** The domain's records. Times are milliseconds since the epoch; what is not known is absent. */

export interface App extends AppKey {
  state: AppState
  /** The highest version number given out so far; 0 before the first. */
  lastVersion: number
  liveVersion?: number
  /** The live version whose schedules, labels and left-over calls have been seen to; see `settle` in plan.ts. */
  settledVersion?: number
  /** Settings that stand in for those of the manifest, by function; see overrides.ts. */
  autoscaler?: Record<string, Overrides>
  /** Of an ephemeral app: it is stopped then, unless it is kept alive. */
  leaseUntil?: number
  /** Versions that are staged, oldest first. */
  staged?: number[]
  /** Goes up whenever a version is staged, or is so no longer. */
  stagings?: number
  createdAt: number
  stoppedAt?: number
  stoppedBy?: string
  stopReason?: string
  /** When what still runs of a stopping app will be killed. */
  stopDeadline?: number
  /** When there may be something of it to collect, or where that goes on. */
  collectAt?: number
  /** Since when only its number is kept, so that a later version of the name is not taken for an earlier one. */
  collectedAt?: number
}

export interface Version extends AppKey {
  version: number
  status: VersionStatus
  origin: Origin
  strategy: Strategy
  /** The version whose manifest this one repeats: for a rollback, rollover or promotion. */
  fromVersion?: number
  /** A rollback that nobody asked for. */
  automatic?: true
  /** Begun to be looked at before anybody else sees it, whatever has become of it since. */
  staged?: true
  /** The version that was live when this one was asked for. */
  replaced?: number
  tag?: string
  reason?: string
  commit?: Commit
  client: string
  deployedBy: string
  deployedAt: number
  liveAt?: number
  manifest: Manifest
  /** Equal manifests have equal hashes, whatever the order of their keys. */
  manifestHash: string
  /** Which version of each secret that the manifest names it was deployed with. */
  secretVersions?: Record<string, number>
  error?: VersionError
  steps: RolloutStep[]
}

export type VersionDraft = Omit<Version, 'version' | 'status' | 'steps' | 'liveAt' | 'error' | 'replaced'> & {
  /** Makes the app an ephemeral one, for so long. */
  leaseUntil?: number
  /** Begins only while this version is the live one. */
  insteadOf?: number
}

export interface Container extends AppKey {
  id: string
  function: string
  version: number
  state: ContainerState
  /** Where its web server listens, `host:port`. */
  address?: string
  /** Calls that it holds leases for. */
  running: number
  /** Web requests in flight, as it last reported. */
  requests: number
  startedAt: number
  /** Of a staged version: it takes no place of those that `maxContainers` leaves to what is live. */
  apart?: true
  /** Whether the platform confirmed the launch; a launch that was not is repeated. */
  launched: boolean
  readyAt?: number
  /** Its last sign of life. */
  seenAt: number
  /** Since when it has had nothing to do. */
  idleSince?: number
  /** Since when it has taken nothing new. */
  drainingAt?: number
  /** When a draining container is stopped, whatever it still does. */
  drainDeadline?: number
  stoppedAt?: number
  /** What it costs goes by these: vCPU, and MiB. */
  cpu?: number
  memory?: number
  /** What a call may take in it, seconds: until its process is there, and then its timeout. */
  callSeconds?: number
  /** The last of its reports of usage that was added. */
  reported?: number
  /** Why it drains or stopped. */
  reason?: string
  /** What it said before it could not go on, or what was found out about its death. */
  failure?: ContainerFailure
}

/** One for which there was no room has not; that another one was launched may not have been noted yet. */
export const mayHaveRun = ({ launched, failure }: Pick<Container, 'launched' | 'failure'>): boolean =>
  launched || failure?.kind !== 'refused'

/** As much of a container as is kept for what it cost, long after it has stopped. */
export type ContainerLife = AppKey &
  Pick<
    Container,
    'id' | 'function' | 'version' | 'cpu' | 'memory' | 'startedAt' | 'readyAt' | 'drainingAt' | 'stoppedAt'
  >

/** What containers of a function and version did within a slot of time. */
export interface UsageRow extends UsageCounts {
  at: number
  function: string
  version: number
}

export interface ContainerFailure {
  /** `check`: it did not pass the check of its version. `start`: it never became ready. `timeout`: not in time. `crash`: it died at work. `refused`: there was no room for it. */
  kind: 'start' | 'check' | 'timeout' | 'crash' | 'refused'
  message: string
  logs: string[]
}

export interface Call extends AppKey {
  id: string
  function: string
  status: CallStatus
  /** The version that was live when the call was accepted: no older one may run it. `NONE_LIVE` where none was. */
  acceptedVersion: number
  /** The only version that may run it, where there is one. */
  pin?: number
  source: 'api' | 'schedule'
  /** Who asked for it: a person's token, a container's `app.function`, or `schedule`. */
  by?: string
  /** The call that it was made for. */
  parent?: string
  args: Payload
  /** Hash of function and arguments, to tell a repeated request from another one under the same key. */
  fingerprint: string
  idempotencyKey?: string
  result?: Payload
  error?: CallError
  /** Times that it was begun. */
  attempts: number
  /** Attempts that failed by their own doing: these use up `retries`. */
  failures: number
  /** Not to be run before. */
  availableAt: number
  container?: string
  /** The version of the container that runs or ran it. */
  version?: number
  lease?: string
  createdAt: number
  /** When its latest attempt began. */
  startedAt?: number
  endedAt?: number
}

export type CallDraft = Pick<
  Call,
  | 'id'
  | 'env'
  | 'app'
  | 'function'
  | 'acceptedVersion'
  | 'pin'
  | 'source'
  | 'by'
  | 'parent'
  | 'args'
  | 'fingerprint'
  | 'idempotencyKey'
  | 'createdAt'
>

/** Work of one function that only containers of `pin`, or of the live version, may take. */
export interface Demand {
  function: string
  pin?: number
  /** Calls that could run now. */
  pending: number
  running: number
  /** Web requests that wait for a container. */
  waiting: number
  /** When the first of the calls that must wait becomes due. */
  nextDueAt?: number
}

/** That something was changed, by whom and why: written together with the change, and never again. */
export interface AuditEntry {
  /** Sorts by time. */
  id: string
  env: string
  /** Absent where the change is of the environment or the installation. */
  app?: string
  at: number
  action: AuditAction
  /** Who did it: a token's name, or `sluice` where nobody asked. */
  by: string
  client?: string
  reason?: string
  version?: number
  function?: string
  /** What it was done to, where that is none of the above: a secret's name, a token's id, a container's. */
  subject?: string
  /** In words, where that is short. */
  before?: string
  after?: string
}

/** What a call for a staged version is accepted under before anything is live. */
export const NONE_LIVE = 0

export const ACTIVE: readonly ContainerState[] = ['starting', 'ready']

export const isTerminal = (status: CallStatus): boolean => status !== 'pending' && status !== 'running'

export const keyOf = ({ env, app }: AppKey): AppKey => ({ env, app })
