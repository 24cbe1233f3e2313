import type { ContainerState, RolloutStep, VersionError } from '../protocol/api.ts'
import type { AutoscalerPatch } from '../protocol/autoscaler.ts'
import type { AppKey } from '../protocol/names.ts'
import type { TokenKind } from '../protocol/tokens.ts'
import type { UsageReport } from '../protocol/usage-report.ts'
import type { CallStore } from './call-store-port.ts'
import type { CollectionStore } from './collection-store-port.ts'
import type {
  App,
  AuditEntry,
  Container,
  ContainerFailure,
  ContainerLife,
  UsageRow,
  Version,
  VersionDraft,
} from './model.ts'
import type { Notice } from './notice-model.ts'
import type { NoticeStore } from './notice-store-port.ts'
import type { Endings } from './overrides.ts'
import type { Page, Paged, Search } from './paging.ts'
import type { ScheduleStore } from './schedule-store-port.ts'
import type { EnvironmentStore, SecretStore } from './secret-store-port.ts'
import type { SessionCode, Token } from './token-model.ts'

export type BeginVersion =
  | { kind: 'begun'; version: Version }
  | { kind: 'conflict'; lastVersion: number }
  | { kind: 'label_taken'; label: string; owner: EndpointOwner }
  /** There is none of that name, or it is closed. */
  | { kind: 'no_environment' }
  /** It was deleted, with the version that the draft names. */
  | { kind: 'secret_gone'; secret: string }

export interface EndpointOwner extends AppKey {
  function: string
}

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
  /**
   * Resolves once all that was written so far would survive the loss of power: to be awaited before anybody is told of it,
   * except of a call that has ended. What nobody awaits is on the disk a second later.
   */
  durable(): Promise<void>
}

export interface AppStore {
  app(key: AppKey): Promise<App | undefined>
  /** By name. */
  apps(env: string, page: Page & Search): Promise<Paged<App>>

  /**
   * Gives out the next number and claims the labels (label → function), or changes nothing. A staged draft stays so, and
   * what is to come instead of a version conflicts once that one is no longer live.
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
   * the overrides of the autoscaler that `endings` names. One that is said to be `untried` stays as it is once it has begun
   * to start: somebody has found that it has to show first that it can.
   */
  cutOver(
    key: AppKey,
    version: number,
    at: number,
    entry?: AuditEntry,
    wish?: { endings?: Endings | undefined; untried?: true | undefined },
  ): Promise<boolean>
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
  /** Merges the patch into the overrides of the app's function; undefined if another version is live, or no such app. */
  changeAutoscaler(key: AppKey, change: AutoscalerChange, entry?: AuditEntry): Promise<App | undefined>
}

export interface AutoscalerChange {
  function: string
  patch: AutoscalerPatch
  /** The version that it is a change of: the next one may end it as it goes live, and never again. */
  live: number
}

export interface LeaseStore {
  /** Has a deployed ephemeral app live until then, unless it does longer anyhow. @returns the app, as it is after */
  renewLease(key: AppKey, until: number): Promise<App | undefined>
}

export interface ContainerFilter {
  function?: string | undefined
  version?: number | undefined
  state?: ContainerState | undefined
  /** Whether those that stopped are wanted as well. */
  all?: boolean | undefined
}

export interface ContainerStore {
  /**
   * Records a container that is about to be launched, unless its pool (function and version) no longer has `expect`
   * active containers, or the function has `max` active ones over all versions, those apart not counted; one that is
   * `apart` counts in its pool alone.
   */
  reserveContainer(container: Container, limits: { expect: number; max: number }): Promise<boolean>
  container(id: string): Promise<Container | undefined>
  /** Those that are not stopped, newest first. */
  containers(key: AppKey): Promise<Container[]>
  /** Those that are not stopped, newest first; then, where they are asked for, those that stopped, the last first. */
  containersPage(key: AppKey, filter: ContainerFilter, page: Page): Promise<Paged<Container>>
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
  /**
   * Only from `starting` or `ready`: from here on it can claim nothing. With a start that failed, only from `starting`;
   * that is remembered in the same write. With `seenAt`, only if it was last heard of then.
   */
  drainContainer(
    id: string,
    drain: { deadline: number; reason: string; at: number; failedStart?: ContainerFailure; seenAt?: number },
    entry?: AuditEntry,
  ): Promise<boolean>
  /** Remembers why a container cannot go on; the first reason stays. */
  containerFailed(id: string, failure: ContainerFailure): Promise<void>
  /** True once: for whoever saw it stop first. What is kept of its life for what it cost is written with it. */
  containerStopped(id: string, reason: string, at: number): Promise<boolean>
  /** Containers that gave no sign of life since, and when any that is still there gave its last, if one did. */
  silentContainers(since: number): Promise<{ silent: Container[]; heardAt?: number }>
}

export interface UsageStore {
  /** What containers reported for slots that begin from `since` on and before `until`; by hour, or as it was reported. */
  usage(key: AppKey, range: { since: number; until: number; by: 'slot' | 'hour' }): Promise<UsageRow[]>
  /** Calls and web requests of a version in the slot that `since` is in, and since then. */
  usageOf(key: AppKey, of: { version: number; since: number }): Promise<{ calls: number; errors: number }>
  /** Containers that ran and have stopped, `since` or later. */
  lives(key: AppKey, since: number): Promise<ContainerLife[]>
}

export interface TokenStore {
  token(hash: string): Promise<Token | undefined>
  tokenById(id: string): Promise<Token | undefined>
  /** Of one kind, newest first. Those that have ended are forgotten a while later. */
  tokens(kind: TokenKind, page: Page): Promise<Paged<Token>>
  /** False where there is one with this hash already: that stays as it is. */
  putToken(token: Token, entry: AuditEntry): Promise<boolean>
  /** From now on it opens nothing. False where it was revoked before, or there is none. */
  revokeToken(id: string, revoked: { at: number; by: string }, entry: AuditEntry): Promise<boolean>
  putSessionCode(code: SessionCode): Promise<void>
  /** Those that are old are forgotten. */
  sessionCode(hash: string): Promise<SessionCode | undefined>
  /** Uses the code up, and has the session begin. False where the code was used before, or there is none. */
  beginSession(code: { hash: string; usedAt: number }, session: Token, entry: AuditEntry): Promise<boolean>
}

/** Entries are written by the operations that they tell of, in the same transaction, and only if those change something. */
export interface AuditStore {
  /** For a change that is made outside of the store. The same entry again is the same one. */
  recordEntry(entry: AuditEntry): Promise<void>
  /** Newest first: of an app, or of all of an environment. */
  auditEntries(env: string, app: string | undefined, page: Page): Promise<Paged<AuditEntry>>
}
