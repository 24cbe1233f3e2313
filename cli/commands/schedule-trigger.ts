import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { aboutFunction, type FunctionReference, parseFunction } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  reason?: string
}

export function registerScheduleTrigger(schedule: Command): void {
  withEnv(schedule.command('trigger'))
    .description('run a scheduled function now; its schedule goes on as it is')
    .argument('<app.function>', 'the function', parseFunction)
    .option('--reason <reason>', 'why, for the record')
    .action(async (target: FunctionReference, options: Options) => {
      const api = connect(options)
      const { reason } = options
      const call = await api.send('triggerSchedule', {
        ...aboutFunction(api, target),
        body: { client: clientName('cli'), idempotencyKey: randomUUID(), ...(reason && { reason }) },
      })
      if (options.json) printJson(call)
      else printDone(`${target.function} runs as ${call.id}.`)
    })
}
