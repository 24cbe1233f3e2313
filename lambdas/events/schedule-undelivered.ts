import { systemClock } from '../../platforms/aws/clock.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeOutbox } from '../../platforms/aws/outbox.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { TIMING } from '../../platforms/aws/timing.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeScheduleUndeliveredHandler } from '../handlers/schedule-undelivered.ts'

export const handler = serve(makeScheduleUndeliveredHandler, {
  store: makeStore,
  queue: makeQueue,
  worklist: makeWorklist,
  outbox: makeOutbox,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
  missedMs: TIMING.missedMs,
})
