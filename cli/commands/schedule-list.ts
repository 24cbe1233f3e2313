import type { Command } from 'commander'
import type { FiringView, ScheduleView } from '../../protocol/schedules.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printJson, styled } from '../terminal.ts'
import { localTime } from '../times.ts'
import { describeSchedule } from '../tree.ts'

export function registerScheduleList(schedule: Command): void {
  withEnv(schedule.command('list'))
    .description('functions that run by themselves, when they run next, and what became of the last times')
    .argument('<app>', 'the app', parseApp)
    .action(async (reference: AppReference, options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const schedules = await api.send('listSchedules', about(api, reference))
      if (options.json) printJson(schedules)
      else if (schedules.items.length === 0) print(`${reference.app} has no schedules.`)
      else print(schedules.items.map(show).join('\n\n'))
    })
}

function show(schedule: ScheduleView): string {
  const { paused, next, last } = schedule
  const lines = [`${styled('bold', schedule.function)}   ${describeSchedule(schedule.schedule)}`]
  if (paused) lines.push(describePause(paused))
  lines.push(`Next: ${next.map(localTime).join(', ') || 'never'}`)
  if (last.length > 0) lines.push(lastTable(last))
  return lines.join('\n')
}

export function describePause({ at, by, reason }: NonNullable<ScheduleView['paused']>): string {
  return `Paused by ${by} since ${localTime(at)}${reason ? `: ${reason}` : '.'}`
}

function lastTable(firings: FiringView[]): string {
  return table(firings, [
    ['Last', ({ slot }) => localTime(slot)],
    ['Outcome', ({ outcome }) => outcome],
    ['Call', ({ call }) => call?.id],
    ['Status', ({ call }) => call?.status],
    ['By', ({ by }) => by],
    ['Reason', ({ reason }) => reason],
  ])
}
