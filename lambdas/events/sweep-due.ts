import { systemClock } from '../../platforms/aws/clock.ts'
import { makeCompute } from '../../platforms/aws/compute/compute.ts'
import { makeEvents } from '../../platforms/aws/events.ts'
import { HeardByOthers } from '../../platforms/aws/hearing.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeLogs } from '../../platforms/aws/logs/logs.ts'
import { makeOutbox } from '../../platforms/aws/outbox.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { TIMING } from '../../platforms/aws/timing.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeSweepDueHandler } from '../handlers/sweep-due.ts'

export const handler = serve(makeSweepDueHandler, {
  store: makeStore,
  queue: makeQueue,
  worklist: makeWorklist,
  outbox: makeOutbox,
  compute: makeCompute,
  logs: makeLogs,
  events: makeEvents,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
  hearing: () => new HeardByOthers({ silenceMs: TIMING.silenceMs() }),
  ...TIMING,
})
