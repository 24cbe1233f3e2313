import type { Command } from 'commander'
import type { VersionView } from '../../protocol/api.ts'
import type { AuditEntryView } from '../../protocol/audit.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

const SHORT_HASH = 7

/** What has happened to an app: a version came, or all of it was stopped. */
type Event = { version: VersionView } | { stop: AuditEntryView }

export function registerAppHistory(app: Command): void {
  withEnv(app.command('history'))
    .description('versions of an app and its stops, newest first')
    .argument('<app>', 'the app', parseApp)
    .action(async (reference: AppReference, options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const { params, query } = about(api, reference)
      const { items } = await allPages(api, 'listVersions', { params, query })
      const changes = await allPages(api, 'listAudit', { query: { ...query, ...params } })
      const stops = changes.items.filter(({ action }) => action === 'app.stopping')
      if (options.json) printJson({ items, stops })
      else print(historyTable(inOrder(items, stops)))
    })
}

/** By time, and versions among themselves by number: two deploys may have the same millisecond. */
function inOrder(versions: VersionView[], stops: AuditEntryView[]): Event[] {
  const left = [...stops]
  const events = versions.flatMap((version): Event[] => {
    const count = left.findIndex(({ at }) => at < version.deployedAt)
    const later = left.splice(0, count === -1 ? left.length : count)
    return [...later.map((stop) => ({ stop })), { version }]
  })
  return [...events, ...left.map((stop) => ({ stop }))]
}

function historyTable(events: Event[]): string {
  const ofVersion =
    <Cell>(cell: (version: VersionView) => Cell) =>
    (event: Event): Cell | undefined =>
      'version' in event ? cell(event.version) : undefined
  return table(events, [
    ['Version', ofVersion(({ version }) => `v${version}`)],
    ['Status', (event) => ('stop' in event ? 'stopped' : event.version.status)],
    ['Time deployed', (event) => localTime('stop' in event ? event.stop.at : event.version.deployedAt)],
    ['Deployed by', (event) => ('stop' in event ? event.stop.by : event.version.deployedBy)],
    ['Client', (event) => ('stop' in event ? event.stop.client : event.version.client)],
    ['Commit', ofVersion(shortCommit)],
    ['Tag', ofVersion(({ tag }) => tag)],
    [
      'Origin',
      ofVersion(({ origin, fromVersion }) => (fromVersion ? `${origin} of v${fromVersion}` : origin)),
    ],
    ['Reason', (event) => ('stop' in event ? event.stop.reason : reasonOf(event.version))],
  ])
}

function reasonOf({ reason, error }: VersionView): string | undefined {
  return reason ?? error?.message.split('\n')[0]
}

/** With `*` where files were deployed that were not committed. */
function shortCommit({ commit }: VersionView): string | undefined {
  return commit && commit.hash.slice(0, SHORT_HASH) + (commit.dirty ? '*' : '')
}
