import { makeBlobs } from '../../platforms/aws/blobs.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeBlobsHandler } from '../handlers/blobs.ts'

export const handler = serveApi(makeBlobsHandler, {
  store: makeStore,
  blobs: makeBlobs,
  keys: makeKeys,
  clock: () => systemClock,
})
