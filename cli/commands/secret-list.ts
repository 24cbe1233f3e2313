import type { Command } from 'commander'
import type { SecretView } from '../../protocol/secrets.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

export function registerSecretList(secret: Command): void {
  withEnv(secret.command('list'))
    .description('secrets of an environment; their values are shown to nobody')
    .action(async (options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const secrets = await allPages(api, 'listSecrets', { query: { env: api.config.env } })
      if (options.json) printJson(secrets)
      else if (secrets.items.length === 0)
        print('There are no secrets yet. Make one with "sluice secret create".')
      else print(secretTable(secrets.items))
    })
}

function secretTable(secrets: SecretView[]): string {
  return table(secrets, [
    ['Secret', ({ name }) => name],
    ['Version', ({ version }) => version],
    ['Variables', ({ variables }) => variables.join(', ')],
    ['Written', ({ writtenAt }) => localTime(writtenAt)],
    ['By', ({ writtenBy }) => writtenBy],
  ])
}
