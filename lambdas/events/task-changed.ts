import { systemClock } from '../../platforms/aws/clock.ts'
import { makeEvents } from '../../platforms/aws/events.ts'
import { makeLogs } from '../../platforms/aws/logs/logs.ts'
import { makeOutbox } from '../../platforms/aws/outbox.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { readTaskChange } from '../../platforms/aws/task-change.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeTaskChangedHandler } from '../handlers/task-changed.ts'

export const handler = serve(makeTaskChangedHandler, {
  store: makeStore,
  queue: makeQueue,
  worklist: makeWorklist,
  outbox: makeOutbox,
  logs: makeLogs,
  events: makeEvents,
  readStopped: () => readTaskChange,
  clock: () => systemClock,
})
