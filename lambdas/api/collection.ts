import { makeBlobs } from '../../platforms/aws/blobs.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeLogs } from '../../platforms/aws/logs/logs.ts'
import { makeQueue } from '../../platforms/aws/queue/queue.ts'
import { makeRetention } from '../../platforms/aws/retention.ts'
import { makeSecrets } from '../../platforms/aws/secrets.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeCollectionHandler } from '../handlers/collection.ts'

export const handler = serveApi(makeCollectionHandler, {
  store: makeStore,
  queue: makeQueue,
  blobs: makeBlobs,
  secrets: makeSecrets,
  logs: makeLogs,
  keys: makeKeys,
  retention: makeRetention,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
