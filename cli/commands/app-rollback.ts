import type { Command } from 'commander'
import type { Strategy } from '../../protocol/api.ts'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp, parseVersion } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, strategyOption, withEnv } from '../conventions.ts'
import { reportRollout } from '../rollout.ts'
import { printDone } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  strategy?: Strategy
  reason?: string
}

export function registerAppRollback(app: Command): void {
  withEnv(app.command('rollback'))
    .description('deploy an earlier version again: code, settings and schedules')
    .argument('<app>', 'the app', parseApp)
    .argument('[version]', 'such as v3; the last healthy one unless given', parseVersion)
    .addOption(strategyOption())
    .option('--reason <reason>', 'why, for the history')
    .action(rollback)
}

async function rollback(
  reference: AppReference,
  version: number | undefined,
  options: Options,
): Promise<void> {
  const startedAt = performance.now()
  const { strategy, reason } = options
  const api = connect(options)
  const begun = await api.send('rollback', {
    ...about(api, reference),
    body: {
      client: clientName('cli'),
      ...(version !== undefined && { version }),
      ...(strategy && { strategy }),
      ...(reason && { reason }),
    },
  })
  if (!options.json) printDone(`Rolling back to v${begun.fromVersion}, as v${begun.version}.`)
  await reportRollout(api, { begun, done: `Rolled back to v${begun.fromVersion}!`, startedAt }, options)
}
