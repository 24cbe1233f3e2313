import type { RolloutStep, VersionError } from '../protocol/api.ts'
import type { AutoscalerPatch } from '../protocol/autoscaler.ts'
import type { CallError, CallStatus, Payload } from '../protocol/calls.ts'
import type { AppKey } from '../protocol/names.ts'
import type { UsageReport } from '../protocol/usage-report.ts'
import type {
  App,
  AuditEntry,
  Call,
  CallDraft,
  Channel,
  ChannelHealth,
  Container,
  ContainerFailure,
  ContainerLife,
  Delivery,
  Demand,
  Errand,
  Notice,
  Token,
  UsageRow,
  Version,
  VersionDraft,
} from './model.ts'
import type { Endings } from './overrides.ts'
import type { Page, Paged } from './paging.ts'
import type { ScheduleStore } from './schedule-store-port.ts'
import type { EnvironmentStore, SecretStore } from './secret-store-port.ts'

export type BeginVersion =
  | { kind: 'begun'; version: Version }
  | { kind: 'conflict'; lastVersion: number }
  | { kind: 'label_taken'; label: string; owner: EndpointOwner }
  /** There is none of that name, or it is closed. */
  | { kind: 'no_environment' }

export interface EndpointOwner extends AppKey {
  function: string
}

/** A function whose web requests wait: that of the live version, or of the staged one `pin`. */
export interface WaitedFor extends EndpointOwner {
  pin?: number
}

export type AcceptCall =
  | { kind: 'accepted'; call: Call }
  | { kind: 'duplicate'; call: Call }
  /** The app is not deployed, or its live version is no longer the draft's. */
  | { kind: 'moved' }

/** Truth. Each operation is one transaction and is conditional, so that doing it twice, or late, changes nothing. */
export interface Store
  extends AppStore,
    AutoscalerStore,
    LeaseStore,
    ContainerStore,
    CallStore,
    UsageStore,
    TokenStore,
    AuditStore,
    NoticeStore,
    ScheduleStore,
    SecretStore,
    EnvironmentStore,
    CollectionStore {
  /** Resolves once all that was written so far would survive the loss of power: to be awaited before anybody is told of it. */
  durable(): Promise<void>
}

export interface AppStore {
  app(key: AppKey): Promise<App | undefined>
  apps(env: string, page: Page): Promise<Paged<App>>

  /**
   * Gives out the next number and claims the labels (label → function), or changes nothing. A staged draft stays so.
   * What the entry tells of is the version that was begun, whatever its number.
   */
  beginVersion(
    draft: VersionDraft,
    labels: Map<string, string>,
    expectVersion?: number,
    entry?: AuditEntry,
  ): Promise<BeginVersion>
  version(key: AppKey, version: number): Promise<Version | undefined>
  versions(key: AppKey, page: Page): Promise<Paged<Version>>
  rollingVersions(key: AppKey): Promise<Version[]>
  recordStep(key: AppKey, version: number, step: RolloutStep): Promise<void>
  /**
   * Makes a rolling version the live one; false if the app is not deployed or a newer one is live already. With it end
   * the overrides of the autoscaler that `endings` names.
   */
  cutOver(key: AppKey, version: number, at: number, entry?: AuditEntry, endings?: Endings): Promise<boolean>
  /**
   * Ends a rollout that will not go live, or what was staged; false if it has ended already. The labels go, too, once no
   * version is left.
   */
  endRollout(
    key: AppKey,
    version: number,
    end: { status: 'failed' | 'superseded'; error?: VersionError; notice?: Notice },
    entry?: AuditEntry,
  ): Promise<boolean>
  /**
   * Drops the app's labels except these, and notes that `version` has been seen to; void if it is no longer live, or if
   * another one is on its way or was staged meanwhile, which has claimed its labels already.
   */
  settle(key: AppKey, seen: { version: number; stagings: number }, labels: string[]): Promise<void>
  /** Takes the app out of service: no live version, nothing rolling or staged; undefined if there is no such app. */
  beginStop(
    key: AppKey,
    stop: {
      at: number
      deadline: number
      by: string
      reason: string | undefined
      /** Only where the lease of an ephemeral app has ended by then. */
      isExpiry?: true
    },
    entry?: AuditEntry,
  ): Promise<App | undefined>
  finishStop(key: AppKey, entry?: AuditEntry): Promise<void>
  label(label: string): Promise<EndpointOwner | undefined>
}

export interface AutoscalerStore {
  /** Merges the patch into the overrides of the app's function; undefined if there is no such app. */
  changeAutoscaler(
    key: AppKey,
    functionName: string,
    patch: AutoscalerPatch,
    entry?: AuditEntry,
  ): Promise<App | undefined>
}

export interface LeaseStore {
  /** Has a deployed ephemeral app live until then, unless it does longer anyhow. @returns the app, as it is after */
  renewLease(key: AppKey, until: number): Promise<App | undefined>
}

export interface ContainerStore {
  /**
   * Records a container that is about to be launched, unless its pool (function and version) no longer has `expect`
   * active containers, or the function has `max` active ones over all versions, those apart not counted; one that is
   * `apart` counts in its pool alone.
   */
  reserveContainer(container: Container, limits: { expect: number; max: number }): Promise<boolean>
  container(id: string): Promise<Container | undefined>
  /** Those that are not stopped; with `all`, also those that stopped lately, newest first. */
  containers(key: AppKey, options?: { all: boolean }): Promise<Container[]>
  /** Containers of the version that failed, newest first, at most 20. */
  failedContainers(key: AppKey, version: number): Promise<Container[]>
  containerLaunched(id: string): Promise<void>
  containerReady(id: string, address: string | undefined, at: number): Promise<Container | undefined>
  containerSeen(id: string, requests: number, at: number): Promise<Container | undefined>
  /**
   * The same, and adds what it reports to the usage of its function and version, in the slot that the report is of.
   * False, and nothing is written, if this report or a later one of the container has been added, or it has stopped.
   */
  containerReported(container: Container, requests: number, at: number, report: UsageReport): Promise<boolean>
  /** Only from `starting` or `ready`: from here on it can claim nothing. */
  drainContainer(
    id: string,
    drain: { deadline: number; reason: string; at: number },
    entry?: AuditEntry,
  ): Promise<boolean>
  /** Remembers why a container cannot go on; the first reason stays. */
  containerFailed(id: string, failure: ContainerFailure): Promise<void>
  /** True once: for whoever saw it stop first. What is kept of its life for what it cost is written with it. */
  containerStopped(id: string, reason: string, at: number): Promise<boolean>
  /** Containers that gave no sign of life since. */
  silentContainers(since: number): Promise<Container[]>
}

export interface UsageStore {
  /** What containers reported for slots that begin from `since` on and before `until`; by hour, or as it was reported. */
  usage(key: AppKey, range: { since: number; until: number; by: 'slot' | 'hour' }): Promise<UsageRow[]>
  /** Calls and web requests of a version in the slot that `since` is in, and since then. */
  usageOf(key: AppKey, of: { version: number; since: number }): Promise<{ calls: number; errors: number }>
  /** Containers that ran and have stopped, `since` or later. */
  lives(key: AppKey, since: number): Promise<ContainerLife[]>
}

export interface CallStore {
  acceptCall(draft: CallDraft): Promise<AcceptCall>
  call(id: string): Promise<Call | undefined>
  /** The call that was accepted under an idempotency key. */
  callByKey(key: AppKey, idempotencyKey: string): Promise<Call | undefined>
  calls(
    key: AppKey,
    filter: { function?: string | undefined; status?: CallStatus | undefined; version?: number | undefined },
    page: Page,
  ): Promise<Paged<Call>>
  /**
   * pending → running, if the call is due and this container may have it: it is `ready`, and it is of the call's pin;
   * or the call has none and the container is of the live version, which is not older than the accepted one.
   */
  claimCall(id: string, container: Container, lease: string, at: number): Promise<Call | undefined>
  /** running → a terminal state, under the lease. False if the lease no longer holds. */
  finishCall(id: string, lease: string, end: CallEnd): Promise<boolean>
  /** running → pending, under the lease, to be run again. */
  releaseCall(
    id: string,
    lease: string,
    again: { availableAt: number; failed: boolean; error: CallError; at: number },
  ): Promise<boolean>
  /** Cancels it unless it has ended; what it was before, or undefined if there is no such call. */
  cancelCall(id: string, at: number, error: CallError): Promise<Call | undefined>
  /** Ends a pending call that nothing can run. */
  failCall(id: string, error: CallError, at: number, notice?: Notice): Promise<boolean>
  runningCalls(containerId: string): Promise<Call[]>
  demand(key: AppKey, at: number): Promise<Demand[]>
  /** Pending calls of a function, oldest first: of this pin, or those without one. */
  pendingCalls(
    key: AppKey,
    functionName: string | undefined,
    pin: number | undefined,
    limit: number,
  ): Promise<Call[]>
  /** Calls that have been due since, whose hint may have been lost. */
  overdueCalls(since: number, limit: number): Promise<Call[]>
  /** Binds pending calls without a pin to the last version that has their function. */
  pinCalls(key: AppKey, functionName: string, version: number): Promise<void>
  /** Notes how many web requests wait for a container of the function. */
  setWaiting(whom: WaitedFor, waiting: number): Promise<void>
  /** Whether a call that the schedule made has not ended yet. */
  hasActiveScheduledCall(key: AppKey, functionName: string): Promise<boolean>
}

export interface CollectionStore {
  /** Forgets a version that has ended; false if it is live, staged or on its way. */
  removeVersion(key: AppKey, version: number, entry: AuditEntry): Promise<boolean>
  /** Notes when there may be something of the app to collect, unless it has changed since it was read. */
  collectLater(app: App, at: number | undefined): Promise<void>
  /** From now on the app is known by its last version's number alone; false unless it has been stopped since then. */
  markCollected(key: AppKey, stoppedAt: number, at: number, entry: AuditEntry): Promise<boolean>
  /** Forgets what is left of a collected app; void once it is deployed again. */
  forgetApp(key: AppKey): Promise<void>
  /** Contents that are to be removed unless somebody asks for them before. */
  condemned(): Promise<Condemned | undefined>
  /** Void while others are. */
  condemn(hashes: string[], at: number): Promise<void>
  /** Takes these off the list; false while what is on it is being removed. */
  reprieve(hashes: string[], at: number): Promise<boolean>
  /**
   * Those that are still on the list, for whoever removes them until then; undefined where another one does, or the list
   * is not that of `condemnedAt`.
   */
  beginRemoval(condemnedAt: number, at: number, until: number): Promise<string[] | undefined>
  endRemoval(condemnedAt: number): Promise<void>
}

export interface Condemned {
  hashes: string[]
  at: number
}

export interface TokenStore {
  token(hash: string): Promise<Token | undefined>
  tokenById(id: string): Promise<Token | undefined>
  /** Newest first. Those that have ended are forgotten a while later. */
  tokens(page: Page): Promise<Paged<Token>>
  /** False where there is one with this hash already: that stays as it is. */
  putToken(token: Token, entry: AuditEntry): Promise<boolean>
  /** From now on it opens nothing. False where it was revoked before, or there is none. */
  revokeToken(id: string, revoked: { at: number; by: string }, entry: AuditEntry): Promise<boolean>
}

/** Entries are written by the operations that they tell of, in the same transaction, and only if those change something. */
export interface AuditStore {
  /** For a change that is made outside of the store. The same entry again is the same one. */
  recordEntry(entry: AuditEntry): Promise<void>
  /** Newest first: of an app, or of all of an environment. */
  auditEntries(env: string, app: string | undefined, page: Page): Promise<Paged<AuditEntry>>
}

export interface NoticeStore {
  /** Of an environment, by name. */
  channels(env: string): Promise<Channel[]>
  channel(env: string, name: string): Promise<Channel | undefined>
  /** Writes it as a new one, or over the one that has its id; false where another has the name. */
  writeChannel(channel: Channel, entry?: AuditEntry): Promise<boolean>
  /** False where there is none. */
  deleteChannel(env: string, name: string, entry?: AuditEntry): Promise<boolean>
  /** Notes what became of a delivery; void where the name is another channel's by now. `lost` is added to. */
  noteHealth(channel: Channel, news: Partial<ChannelHealth>): Promise<void>
  /** False where the notice is there already: then nothing is changed. */
  putNotice(notice: Notice): Promise<boolean>
  notice(id: string): Promise<Notice | undefined>
  /** Has it due again then; undefined where it is not due, or is spread. */
  claimNotice(id: string, at: number, dueAgain: number): Promise<Notice | undefined>
  /** Stores its deliveries, due at once; void where that was done before. */
  spreadNotice(id: string, deliveries: Delivery[]): Promise<void>
  /** Counts one more attempt, and has it due again then; undefined where it is not due, or is done with. */
  claimDelivery(
    key: Pick<Delivery, 'notice' | 'channel'>,
    at: number,
    dueAgain: number,
  ): Promise<Delivery | undefined>
  /** Has it due again then, or, without, done with. */
  settleDelivery(key: Pick<Delivery, 'notice' | 'channel'>, dueAgain?: number): Promise<void>
  /** Those that were due before, the longest overdue first. */
  dueErrands(before: number, limit: number): Promise<Errand[]>
}

export interface CallEnd {
  status: 'succeeded' | 'failed' | 'timed_out'
  result?: Payload
  error?: CallError
  at: number
  /** Written with the end, for whoever is to hear of it. */
  notice?: Notice
}
