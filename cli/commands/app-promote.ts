import type { Command } from 'commander'
import type { Strategy } from '../../protocol/api.ts'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp, parseVersion } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, strategyOption, withEnv } from '../conventions.ts'
import { noteEndedOverrides, reportRollout } from '../rollout.ts'
import { printDone } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  strategy?: Strategy
  reason?: string
}

export function registerAppPromote(app: Command): void {
  withEnv(app.command('promote'))
    .description('make a staged version live')
    .argument('<app>', 'the app', parseApp)
    .argument('[version]', 'such as v3; the newest staged one unless given', parseVersion)
    .addOption(strategyOption())
    .option('--reason <reason>', 'why, for the history')
    .action(promote)
}

async function promote(
  reference: AppReference,
  version: number | undefined,
  options: Options,
): Promise<void> {
  const startedAt = performance.now()
  const { strategy, reason } = options
  const api = connect(options)
  const begun = await api.send('promote', {
    ...about(api, reference),
    body: {
      client: clientName('cli'),
      ...(version !== undefined && { version }),
      ...(strategy && { strategy }),
      ...(reason && { reason }),
    },
  })
  if (!options.json) {
    printDone(`Promoting v${begun.fromVersion}, as v${begun.version}.`)
    noteEndedOverrides(begun)
  }
  await reportRollout(api, { begun, done: `Promoted v${begun.fromVersion}!`, startedAt }, options)
}
