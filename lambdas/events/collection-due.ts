import { makeBlobs } from '../../platforms/aws/blobs.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeRetention } from '../../platforms/aws/retention.ts'
import { makeSecrets } from '../../platforms/aws/secrets.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeCollectionDueHandler } from '../handlers/collection-due.ts'

export const handler = serve(makeCollectionDueHandler, {
  store: makeStore,
  blobs: makeBlobs,
  secrets: makeSecrets,
  retention: makeRetention,
  clock: () => systemClock,
})
