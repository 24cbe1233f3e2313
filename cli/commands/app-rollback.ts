import type { Command } from 'commander'
import type { Strategy } from '../../protocol/api.ts'
import type { RollbackPreview } from '../../protocol/changes.ts'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp, parseVersion } from '../app-name.ts'
import { confirm } from '../confirm.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, strategyOption, withEnv } from '../conventions.ts'
import { differenceLines, drainLine } from '../difference.ts'
import { reportRollout } from '../rollout.ts'
import { print, printDone } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  strategy?: Strategy
  reason?: string
  yes?: true
  toTag?: string
}

export function registerAppRollback(app: Command): void {
  withEnv(app.command('rollback'))
    .description('deploy an earlier version again: code, settings and schedules')
    .argument('<app>', 'the app', parseApp)
    .argument('[version]', 'such as v3; the last healthy one unless given', parseVersion)
    .option('--to-tag <tag>', 'to the newest version with this tag that was live')
    .addOption(strategyOption())
    .option('--reason <reason>', 'why, for the history')
    .option('-y, --yes', 'do not ask; without a terminal, nobody is asked')
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
  const { params, query } = about(api, reference)
  const preview = await api.send('previewRollback', {
    params,
    query: { ...query, version, tag: options.toTag },
  })
  if (!options.json) printPreview(preview)
  if (!options.yes && !(await confirm(`Roll ${preview.app} back to v${preview.to}?`))) {
    process.exitCode = FAILED
    return
  }
  const begun = await api.send('rollback', {
    params,
    query,
    body: {
      client: clientName('cli'),
      // What was shown, also if somebody else has changed meanwhile what would be chosen.
      version: preview.to,
      ...(strategy && { strategy }),
      ...(reason && { reason }),
    },
  })
  if (!options.json) printDone(`Rolling back to v${begun.fromVersion}, as v${begun.version}.`)
  await reportRollout(api, { begun, done: `Rolled back to v${begun.fromVersion}!`, startedAt }, options)
}

function printPreview(preview: RollbackPreview): void {
  const lines = differenceLines(preview)
  print(`From v${preview.from} back to v${preview.to}${lines.length > 0 ? ':' : ': no difference.'}`)
  for (const line of lines) print(line)
  print(drainLine(preview.drain))
}
