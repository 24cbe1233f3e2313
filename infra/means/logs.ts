import type { ComputeStack } from '../compute-stack.ts'
import type { DataStack } from '../data-stack.ts'
import { type Means, together } from './means.ts'
import { records } from './store.ts'

/** The port `Logs`. Which streams are an app's, the records say. */
export function logs(data: DataStack, { log }: ComputeStack): Means {
  return together(records(data, 'Query'), {
    settings: { logGroup: log.logGroupName },
    rights: [{ actions: ['logs:FilterLogEvents'], resources: [log.logGroupArn] }],
  })
}
