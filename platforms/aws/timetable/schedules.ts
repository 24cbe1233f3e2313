import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler'
import type { ScheduleFired } from '../../../protocol/firing.ts'
import type { Schedule } from '../../../protocol/manifest.ts'
import { type AppKey, appLabel } from '../../../protocol/names.ts'
import { expressionsOf } from './expressions.ts'
import { namesOf } from './names.ts'
import type { PlannedEntry } from './plan.ts'

/** Put in by the Scheduler, ISO 8601 in UTC: its User Guide, "Adding context attributes". */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>'
/** A firing that could not be delivered for so long goes to the dead letters: others have come since. */
const MAX_AGE_SECONDS = 3_600
const MAX_RETRIES = 185

export interface Target {
  /** The name of the schedule group. */
  group: string
  /** ARNs of the function that hears of firings, of the role to invoke it as, and of the queue for what cannot be delivered. */
  handler: string
  role: string
  deadLetters: string
}

/** All the schedules that fire an entry after `at`, ready to be created. */
export function schedulesOf(
  key: AppKey,
  entry: PlannedEntry,
  { group, handler, role, deadLetters }: Target,
  at: number,
): CreateScheduleCommandInput[] {
  const input: ScheduleFired = {
    ...key,
    function: entry.function,
    schedule: entry.schedule,
    slot: SCHEDULED_TIME,
  }
  const names = namesOf(key, entry)
  return expressionsOf(entry.schedule, entry.anchor, at).map(({ expression, timezone, start }, part) => ({
    GroupName: group,
    Name: names[part],
    ClientToken: names[part],
    Description: `${appLabel(key)} ${entry.function}: ${describe(entry.schedule)}`,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    ...(start !== undefined && { StartDate: new Date(start) }),
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: handler,
      RoleArn: role,
      Input: JSON.stringify(input),
      DeadLetterConfig: { Arn: deadLetters },
      RetryPolicy: { MaximumEventAgeInSeconds: MAX_AGE_SECONDS, MaximumRetryAttempts: MAX_RETRIES },
    },
  }))
}

const describe = (schedule: Schedule): string =>
  schedule.type === 'cron' ? `${schedule.expression} ${schedule.timezone}` : `every ${schedule.seconds} s`
