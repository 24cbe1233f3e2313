import type { Command } from 'commander'
import { connect } from '../connect.ts'
import { type CommonOptions, withCommonOptions } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions {
  graceful?: true
}

export function registerContainerStop(container: Command): void {
  withCommonOptions(container.command('stop'))
    .description('stop a container; its calls run again in another one')
    .argument('<id>', 'the container')
    .option('--graceful', 'let it finish what it has')
    .action(async (id: string, options: Options) => {
      const api = connect(options)
      const { graceful = false } = options
      const view = await api.send('stopContainer', { params: { id }, body: { graceful } })
      if (options.json) printJson(view)
      else
        printDone(graceful ? `${id} takes nothing new and ends when it is done.` : `${id} is being stopped.`)
    })
}
