import { makeEndpoints } from '../../platforms/aws/activator/endpoints.ts'
import { makeForwarder } from '../../platforms/aws/activator/forwarder.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeAddresses } from '../../platforms/aws/ingress/addresses.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeWebRequestWaitingHandler } from '../handlers/web-request-waiting.ts'

export const handler = serve(makeWebRequestWaitingHandler, {
  store: makeStore,
  worklist: makeWorklist,
  ingress: makeAddresses,
  endpoints: makeEndpoints,
  forwarder: makeForwarder,
  clock: () => systemClock,
})
