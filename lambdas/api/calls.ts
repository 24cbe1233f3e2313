import { makeBlobs } from '../../platforms/aws/blobs.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeEvents } from '../../platforms/aws/events.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeCallsHandler } from '../handlers/calls.ts'

export const handler = serveApi(makeCallsHandler, {
  store: makeStore,
  queue: makeQueue,
  worklist: makeWorklist,
  blobs: makeBlobs,
  events: makeEvents,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
