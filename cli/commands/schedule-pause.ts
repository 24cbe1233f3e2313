import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { aboutFunction, type FunctionReference, parseFunction } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'
import { describePause } from './schedule-list.ts'

interface Options extends CommonOptions, EnvOption {
  reason?: string
}

export function registerSchedulePause(schedule: Command): void {
  withEnv(schedule.command('pause'))
    .description('let its times pass without a run, over deploys too, until it is resumed')
    .argument('<app.function>', 'the function', parseFunction)
    .option('--reason <reason>', 'why; "schedule list" shows it')
    .action(async (target: FunctionReference, options: Options) => {
      const api = connect(options)
      const { reason } = options
      const body = { client: clientName('cli'), ...(reason && { reason }) }
      const view = await api.send('pauseSchedule', { ...aboutFunction(api, target), body })
      if (options.json) printJson(view)
      else printDone(`${target.function}: ${view.paused ? describePause(view.paused) : 'not paused.'}`)
    })
}
