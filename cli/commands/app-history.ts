import type { Command } from 'commander'
import type { VersionView } from '../../protocol/api.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

const SHORT_HASH = 7

export function registerAppHistory(app: Command): void {
  withEnv(app.command('history'))
    .description('versions of an app, newest first')
    .argument('<app>', 'the app', parseApp)
    .action(async (reference: AppReference, options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const versions = await allPages(api, 'listVersions', about(api, reference))
      if (options.json) printJson(versions)
      else print(historyTable(versions.items))
    })
}

function historyTable(versions: VersionView[]): string {
  return table(versions, [
    ['Version', ({ version }) => `v${version}`],
    ['Status', ({ status }) => status],
    ['Time deployed', ({ deployedAt }) => localTime(deployedAt)],
    ['Deployed by', ({ deployedBy }) => deployedBy],
    ['Client', ({ client }) => client],
    ['Commit', shortCommit],
    ['Tag', ({ tag }) => tag],
    ['Origin', ({ origin, fromVersion }) => (fromVersion ? `${origin} of v${fromVersion}` : origin)],
    ['Reason', ({ reason, error }) => reason ?? error?.message.split('\n')[0]],
  ])
}

/** With `*` where files were deployed that were not committed. */
function shortCommit({ commit }: VersionView): string | undefined {
  return commit && commit.hash.slice(0, SHORT_HASH) + (commit.dirty ? '*' : '')
}
