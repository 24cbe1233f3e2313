import type { Command } from 'commander'
import type { EnvironmentView } from '../../protocol/secrets.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, withCommonOptions } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

export function registerEnvList(env: Command): void {
  withCommonOptions(env.command('list'))
    .description('all environments')
    .action(async (options: CommonOptions) => {
      const environments = await connect(options).send('listEnvironments')
      if (options.json) printJson(environments)
      else print(environmentTable(environments.items))
    })
}

function environmentTable(environments: EnvironmentView[]): string {
  return table(environments, [
    ['Environment', ({ name }) => name],
    ['State', ({ state }) => (state === 'deleting' ? state : undefined)],
    ['Created', ({ createdAt }) => createdAt && localTime(createdAt)],
    ['By', ({ createdBy }) => createdBy],
  ])
}
