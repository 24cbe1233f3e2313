import { makeBlobs } from '../../platforms/aws/blobs.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeEvents } from '../../platforms/aws/events.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeReleased } from '../../platforms/aws/ingress/released.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeOutbox } from '../../platforms/aws/outbox.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { makeSecrets } from '../../platforms/aws/secrets.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { TIMING } from '../../platforms/aws/timing.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeRuntimeHandler } from '../handlers/runtime.ts'

export const handler = serveApi(makeRuntimeHandler, {
  store: makeStore,
  queue: makeQueue,
  worklist: makeWorklist,
  outbox: makeOutbox,
  blobs: makeBlobs,
  secrets: makeSecrets,
  ingress: makeReleased,
  events: makeEvents,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
  ...TIMING,
})
