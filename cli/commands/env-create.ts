import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, withCommonOptions } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

export function registerEnvCreate(env: Command): void {
  withCommonOptions(env.command('create'))
    .description('create an environment: apps and secrets of its own')
    .argument('<name>', 'such as staging')
    .action(async (name: string, options: CommonOptions) => {
      const api = connect(options)
      const made = await api.send('putEnvironment', {
        params: { env: name },
        body: { client: clientName('cli') },
      })
      if (options.json) printJson(made)
      else printDone(made.unchanged ? `The environment "${name}" is there already.` : `Created "${name}".`)
    })
}
