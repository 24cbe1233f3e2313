import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp, parseVersion } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  reason?: string
}

export function registerAppUnstage(app: Command): void {
  withEnv(app.command('unstage'))
    .description('give up a staged version: its addresses go')
    .argument('<app>', 'the app', parseApp)
    .argument('<version>', 'such as v3', parseVersion)
    .option('--reason <reason>', 'why, for the history')
    .action(unstage)
}

async function unstage(
  reference: AppReference,
  version: number,
  { reason, ...options }: Options,
): Promise<void> {
  const api = connect(options)
  const given = await api.send('unstage', {
    ...about(api, reference),
    body: { version, client: clientName('cli'), ...(reason && { reason }) },
  })
  if (options.json) printJson(given)
  else printDone(`v${version} of ${given.app} is staged no more.`)
}
