import type { Command } from 'commander'
import { confirm } from '../confirm.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  force?: true
  yes?: true
}

export function registerSecretDelete(secret: Command): void {
  withEnv(secret.command('delete'))
    .description('delete a secret with all its versions')
    .argument('<name>', 'the secret')
    .option('--force', 'also while versions of apps need it: they cannot start any more')
    .option('-y, --yes', 'do not ask; without a terminal, nobody is asked')
    .action(remove)
}

async function remove(name: string, options: Options): Promise<void> {
  const api = connect(options)
  if (!options.yes && !(await confirm(`Delete the secret ${name} for good?`))) {
    process.exitCode = FAILED
    return
  }
  const query = { env: api.config.env, ...(options.force && { force: true }) }
  const deleted = await api.send('deleteSecret', { params: { name }, query })
  if (options.json) printJson(deleted)
  else printDone(`Deleted "${name}" from environment "${deleted.env}".`)
}
