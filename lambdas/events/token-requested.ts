import { systemClock } from '../../platforms/aws/clock.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeTokenRequestedHandler } from '../handlers/token-requested.ts'

export const handler = serve(makeTokenRequestedHandler, {
  store: makeStore,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
