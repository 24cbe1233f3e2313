import { serveApi } from '../../platforms/aws/serve.ts'
import { makePublicHandler } from '../handlers/public.ts'

export const handler = serveApi((_, report) => makePublicHandler(report), {})
