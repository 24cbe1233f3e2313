import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { reportRollout } from '../rollout.ts'
import { printDone } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  reason?: string
}

export function registerAppStart(app: Command): void {
  withEnv(app.command('start'))
    .description('bring a stopped app back: the version that was live last, under a new number')
    .argument('<app>', 'the app', parseApp)
    .option('--reason <reason>', 'why, for the history')
    .action(start)
}

async function start(reference: AppReference, options: Options): Promise<void> {
  const startedAt = performance.now()
  const { reason } = options
  const api = connect(options)
  const begun = await api.send('start', {
    ...about(api, reference),
    body: { client: clientName('cli'), ...(reason && { reason }) },
  })
  if (!options.json) printDone(`Starting v${begun.fromVersion}, as v${begun.version}.`)
  await reportRollout(api, { begun, done: 'App started!', startedAt }, options)
}
