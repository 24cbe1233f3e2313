import type { Command } from 'commander'
import { confirm } from '../confirm.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, FAILED, withCommonOptions } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions {
  yes?: true
}

export function registerEnvDelete(env: Command): void {
  withCommonOptions(env.command('delete'))
    .description('delete an environment that runs no app, and its secrets with it')
    .argument('<name>', 'the environment')
    .option('-y, --yes', 'do not ask; without a terminal, nobody is asked')
    .action(remove)
}

async function remove(name: string, options: Options): Promise<void> {
  const api = connect(options)
  if (!options.yes && !(await confirm(`Delete the environment ${name}, and its secrets for good?`))) {
    process.exitCode = FAILED
    return
  }
  const deleted = await api.send('deleteEnvironment', { params: { env: name } })
  if (options.json) printJson(deleted)
  else printDone(`Deleted the environment "${name}".`)
}
