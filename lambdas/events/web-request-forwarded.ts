import { send } from '../../platforms/aws/activator/send.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeWebRequestForwardedHandler } from '../handlers/web-request-forwarded.ts'

export const handler = serve(makeWebRequestForwardedHandler, { send: () => send })
