import type { Command } from 'commander'
import { connect } from '../connect.ts'
import { withCommonOptions } from '../conventions.ts'
import { type LogOptions, printLogs, withLogOptions } from '../log-options.ts'

export function registerContainerLogs(container: Command): void {
  withLogOptions(withCommonOptions(container.command('logs')))
    .description('what a container wrote')
    .argument('<id>', 'the container')
    .action(async (id: string, options: LogOptions) => {
      const api = connect(options)
      const { app, env } = await api.send('getContainer', { params: { id } })
      await printLogs(api, { app, env }, { ...options, container: id })
    })
}
