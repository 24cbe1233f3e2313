import { systemClock } from '../../platforms/aws/clock.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeSchedulesHandler } from '../handlers/schedules.ts'

export const handler = serveApi(makeSchedulesHandler, {
  store: makeStore,
  queue: makeQueue,
  worklist: makeWorklist,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
