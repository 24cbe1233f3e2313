import { Stack } from 'aws-cdk-lib'
import type { Schedules } from '../control/schedules.ts'
import type { DataStack } from '../data-stack.ts'
import { type Means, together } from './means.ts'
import { records } from './store.ts'

/** The port `Timetable`. */
export function timetable(data: DataStack, schedules: Schedules): Means {
  const { group, handler, role, undelivered } = schedules
  return together(records(data, 'GetItem', 'PutItem'), {
    settings: {
      scheduleGroup: group.scheduleGroupName,
      scheduleTarget: handler.function.functionArn,
      scheduleRole: role.roleArn,
      scheduleDeadLetters: undelivered.queueArn,
    },
    rights: [
      {
        actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:GetSchedule'],
        resources: [
          Stack.of(schedules).formatArn({
            service: 'scheduler',
            resource: 'schedule',
            resourceName: `${group.scheduleGroupName}/*`,
          }),
        ],
        because: 'The schedules of all apps are in one group, made with the versions that have them.',
      },
      {
        actions: ['scheduler:ListSchedules'],
        resources: ['*'],
        because: 'EventBridge Scheduler knows no resources for what is only listed.',
      },
      {
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
    ],
  })
}
