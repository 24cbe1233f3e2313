import type { BoardRow, Description } from '../control/describe.ts'
import { addressOf } from '../control/labels.ts'
import type { AuditEntry, Call, Container, Version } from '../control/model.ts'
import type { Channel, ChannelHealth } from '../control/notice-model.ts'
import type { Paged } from '../control/paging.ts'
import type { Ingress, Needs } from '../control/ports.ts'
import type { CallView, ContainerView, VersionView } from '../protocol/api.ts'
import type { AppView, DrainRow } from '../protocol/app-view.ts'
import type { AuditEntryView } from '../protocol/audit.ts'
import type { ChannelView } from '../protocol/channels.ts'
import { own } from '../protocol/own.ts'

/** What it takes to tell the addresses of a version. */
export type AddressPorts = Needs<'consoleUrl' | 'keys'> & { ingress: Pick<Ingress, 'url'> }

/**
 * The domain's records in the shapes of the public API: times in ISO 8601, URLs in place of labels. A field that is not
 * known is undefined here, and so absent from the JSON.
 */

export function versionView(ports: AddressPorts, version: Version): VersionView {
  return {
    app: version.app,
    env: version.env,
    version: version.version,
    status: version.status,
    origin: version.origin,
    strategy: version.strategy,
    fromVersion: version.fromVersion,
    tag: version.tag,
    reason: version.reason,
    commit: version.commit,
    client: version.client,
    deployedAt: time(version.deployedAt),
    deployedBy: version.deployedBy,
    liveAt: knownTime(version.liveAt),
    secrets: version.secretVersions,
    urls: urlsOf(ports, version),
    page: ports.consoleUrl && `${ports.consoleUrl}/apps/${version.env}/${version.app}`,
    error: version.error,
    rollout: version.steps,
    gate: gateOf(version),
  }
}

function gateOf({ manifest: { rollback }, status, liveAt, steps, automatic }: Version): VersionView['gate'] {
  const end = steps.find(({ step }) => step === 'gate')
  const isWatched = (status === 'live' && !automatic) || end !== undefined
  if (!rollback || liveAt === undefined || !isWatched) return undefined
  return {
    state: end === undefined ? 'open' : end.state === 'failed' ? 'failed' : 'passed',
    until: time(liveAt + rollback.window * 1000),
    errorRate: rollback.errorRate,
    minCalls: rollback.minCalls,
    detail: end?.detail,
  }
}

export function appView(ports: AddressPorts, description: Description): AppView {
  const { app, live, containers, demand, rows, lastVersion, staged } = description
  const of = (name: string) => demand.filter((row) => row.function === name)
  return {
    name: app.app,
    env: app.env,
    state: app.state,
    liveVersion: app.liveVersion,
    ephemeral: app.leaseUntil === undefined ? undefined : { until: time(app.leaseUntil) },
    tags: live?.manifest.tags,
    urls: live ? urlsOf(ports, live) : {},
    functions: Object.entries(live?.manifest.functions ?? {}).map(([name, spec]) => ({
      name,
      spec,
      overrides: own(app.autoscaler, name),
      pending: sum(of(name), ({ pending }) => pending),
      running: sum(of(name), ({ running }) => running),
    })),
    containers: countStates(containers),
    versions: rows.map(drainRow),
    staged: staged.map((version) => versionView(ports, version)),
    lastRollout: lastVersion && versionView(ports, lastVersion),
    createdAt: time(app.createdAt),
    stoppedAt: knownTime(app.stoppedAt),
    stoppedBy: app.stoppedBy,
    stopReason: app.stopReason,
  }
}

export function containerView(container: Container): ContainerView {
  return {
    id: container.id,
    app: container.app,
    env: container.env,
    function: container.function,
    version: container.version,
    state: container.state,
    running: container.running,
    requests: container.requests,
    startedAt: time(container.startedAt),
    readyAt: knownTime(container.readyAt),
    stoppedAt: knownTime(container.stoppedAt),
    reason: container.reason,
  }
}

/** With its result, or where to fetch that if it is large. */
export async function callView({ blobs }: Needs<'blobs'>, call: Call): Promise<CallView> {
  const view = callSummary(call)
  if (call.result === undefined) return view
  if ('json' in call.result) return { ...view, result: JSON.parse(call.result.json) }
  return { ...view, resultUrl: await blobs.downloadUrl(call.result.blob) }
}

/** With what it was called with, or where to fetch that if it is large. */
export async function withArguments(
  { blobs }: Needs<'blobs'>,
  view: CallView,
  { args }: Call,
): Promise<CallView> {
  if ('json' in args) return { ...view, args: JSON.parse(args.json) }
  return { ...view, argsUrl: await blobs.downloadUrl(args.blob) }
}

/** Without its result: a page of those could be megabytes. */
export function callSummary(call: Call): CallView {
  return {
    id: call.id,
    app: call.app,
    env: call.env,
    function: call.function,
    version: call.version ?? call.pin,
    status: call.status,
    error: call.error,
    attempts: call.attempts,
    by: call.by,
    parent: call.parent,
    container: call.container,
    createdAt: time(call.createdAt),
    startedAt: knownTime(call.startedAt),
    endedAt: knownTime(call.endedAt),
  }
}

export function auditEntryView({ at, ...entry }: AuditEntry): AuditEntryView {
  return { ...entry, at: time(at) }
}

export function channelView({ target, health, id, ...channel }: Channel): ChannelView {
  const { deliveredAt, failedAt, failure, lost } = health
  return {
    ...channel,
    // More of it may be a secret, as with Slack's.
    ...('webhook' in target ? { webhook: `${new URL(target.webhook).origin}/…` } : { topic: target.topic }),
    state: stateOf(health),
    deliveredAt: knownTime(deliveredAt),
    failedAt: knownTime(failedAt),
    failure,
    lost,
    createdAt: time(channel.createdAt),
  }
}

function stateOf({ deliveredAt, failedAt }: ChannelHealth): ChannelView['state'] {
  if (deliveredAt === undefined && failedAt === undefined) return 'new'
  return (failedAt ?? 0) > (deliveredAt ?? 0) ? 'failing' : 'working'
}

export function pageView<View>(
  { cursor }: Paged<unknown>,
  items: View[],
): { items: View[]; cursor?: string } {
  return { items, ...(cursor !== undefined && { cursor }) }
}

/** The addresses of a version's web functions, by function; of a manifest's, as they would be were it live. */
export function urlsOf(
  { ingress, keys }: AddressPorts,
  version: Parameters<typeof addressOf>[1] & Pick<Version, 'manifest'>,
): Record<string, string> {
  const web = Object.entries(version.manifest.functions).filter(([, spec]) => spec.kind === 'web')
  return Object.fromEntries(
    web.map(([name, spec]) => [name, ingress.url(addressOf(keys, version, name, spec))]),
  )
}

function countStates(containers: Container[]): AppView['containers'] {
  const counts = { starting: 0, ready: 0, draining: 0 }
  for (const { state } of containers) if (state !== 'stopped') counts[state]++
  return counts
}

function drainRow({ oldest, deadline, ...row }: BoardRow): DrainRow {
  return { ...row, oldest: knownTime(oldest), deadline: knownTime(deadline) }
}

function sum<Item>(items: Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function knownTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : time(ms)
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
