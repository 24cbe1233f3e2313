import type { Command } from 'commander'
import type { SecretDetail } from '../../protocol/secrets.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

export function registerSecretDescribe(secret: Command): void {
  withEnv(secret.command('describe'))
    .description('versions of a secret, and which versions of apps need them')
    .argument('<name>', 'the secret')
    .action(async (name: string, options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const detail = await api.send('getSecret', { params: { name }, query: { env: api.config.env } })
      if (options.json) printJson(detail)
      else print(versionTable(detail.versions))
    })
}

function versionTable(versions: SecretDetail['versions']): string {
  return table(versions, [
    ['Version', ({ version }) => version],
    ['Variables', ({ variables }) => variables.join(', ')],
    ['Written', ({ writtenAt }) => localTime(writtenAt)],
    ['By', ({ writtenBy }) => writtenBy],
    ['Needed by', ({ pinnedBy }) => pinnedBy.map(({ app, version }) => `${app} v${version}`).join(', ')],
  ])
}
