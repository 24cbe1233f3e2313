import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { aboutFunction, type FunctionReference, parseFunction } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

interface Options extends CommonOptions, EnvOption {
  reason?: string
}

export function registerScheduleResume(schedule: Command): void {
  withEnv(schedule.command('resume'))
    .description('run at its times again, from the next one on')
    .argument('<app.function>', 'the function', parseFunction)
    .option('--reason <reason>', 'why, for the record')
    .action(async (target: FunctionReference, options: Options) => {
      const api = connect(options)
      const { reason } = options
      const body = { client: clientName('cli'), ...(reason && { reason }) }
      const view = await api.send('resumeSchedule', { ...aboutFunction(api, target), body })
      const [next] = view.next
      if (options.json) printJson(view)
      else printDone(`${target.function} runs next at ${next ? localTime(next) : 'no time there is'}.`)
    })
}
