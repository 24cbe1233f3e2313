import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { confirm } from '../confirm.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  yes?: true
  reason?: string
}

export function registerAppStop(app: Command): void {
  withEnv(app.command('stop'))
    .description('stop an app: its URLs, schedules, calls and containers')
    .argument('<app>', 'the app', parseApp)
    .option('-y, --yes', 'do not ask; without a terminal, nobody is asked')
    .option('--reason <reason>', 'why; "app history" shows it')
    .action(stop)
}

async function stop(reference: AppReference, options: Options): Promise<void> {
  const api = connect(options)
  if (!options.yes && !(await confirm(`Stop ${reference.app} and all that it runs?`))) {
    process.exitCode = FAILED
    return
  }
  const { reason } = options
  const body = { client: clientName('cli'), ...(reason && { reason }) }
  const view = await api.send('stop', { ...about(api, reference), body })
  if (options.json) printJson(view)
  else printDone(view.state === 'stopped' ? `${view.name} is stopped.` : `${view.name} is stopping.`)
}
