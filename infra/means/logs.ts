import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import { SYSTEM_LOG_PREFIX } from '../../platforms/aws/settings.ts'
import type { ComputeStack } from '../compute-stack.ts'
import type { DataStack } from '../data-stack.ts'
import type { Right } from '../rights.ts'
import { type Means, together } from './means.ts'
import { records } from './store.ts'

/** The port `Logs`, as far as it is read. Which streams are an app's, the records say. */
export function logs(data: DataStack, { log, logRetentionDays }: ComputeStack): Means {
  return together(records(data, 'Query'), {
    settings: { logGroup: log.logGroupName, logRetentionDays: String(logRetentionDays) },
    rights: [{ actions: ['logs:FilterLogEvents'], resources: [log.logGroupArn] }],
  })
}

/** The port `Logs`, for whoever also says what happens to apps. */
export function telling(data: DataStack, compute: ComputeStack): Means {
  return together(logs(data, compute), {
    rights: [streams(compute, SYSTEM_LOG_PREFIX, 'logs:CreateLogStream', 'logs:PutLogEvents')],
  })
}

/** The port `Logs`, as far as an app's log is removed. */
export function forgettingLogs(data: DataStack, compute: ComputeStack): Means {
  return together(logs(data, compute), records(data, 'DeleteItem'), {
    rights: [streams(compute, '', 'logs:DeleteLogStream')],
  })
}

function streams({ log }: ComputeStack, prefix: string, ...actions: string[]): Right {
  return {
    actions,
    resources: [`${arnOf(log)}:log-stream:${prefix}*`],
    because: 'There is a stream for each app, and one for each container.',
  }
}

/** Made of its name, since CloudFormation's own ARN of a log group stands for all of its streams. */
function arnOf(log: LogGroup): string {
  return Stack.of(log).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: log.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}
