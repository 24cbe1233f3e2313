import type { Command } from 'commander'
import type { Strategy } from '../../protocol/api.ts'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, strategyOption, withEnv } from '../conventions.ts'
import { reportRollout } from '../rollout.ts'
import { printDone } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  strategy?: Strategy
  reason?: string
}

export function registerAppRollover(app: Command): void {
  withEnv(app.command('rollover'))
    .description('deploy the live version again, in fresh containers')
    .argument('<app>', 'the app', parseApp)
    .addOption(strategyOption())
    .option('--reason <reason>', 'why, for the history')
    .action(rollover)
}

async function rollover(reference: AppReference, options: Options): Promise<void> {
  const startedAt = performance.now()
  const { strategy, reason } = options
  const api = connect(options)
  const begun = await api.send('rollover', {
    ...about(api, reference),
    body: { client: clientName('cli'), ...(strategy && { strategy }), ...(reason && { reason }) },
  })
  if (!options.json) printDone(`Rolling over v${begun.fromVersion}, as v${begun.version}.`)
  await reportRollout(api, { begun, done: 'Rolled over!', startedAt }, options)
}
