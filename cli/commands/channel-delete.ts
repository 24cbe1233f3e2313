import type { Command } from 'commander'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

export function registerChannelDelete(channel: Command): void {
  withEnv(channel.command('delete'))
    .description('send no more notices there; what is on its way is dropped')
    .argument('<name>', 'the channel')
    .action(async (name: string, options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const gone = await api.send('deleteChannel', { params: { name }, query: { env: api.config.env } })
      if (options.json) printJson(gone)
      else printDone(`${name} is deleted.`)
    })
}
