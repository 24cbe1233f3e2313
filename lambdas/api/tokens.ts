import { systemClock } from '../../platforms/aws/clock.ts'
import { makeConsoleUrl } from '../../platforms/aws/console-url.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeTokensHandler } from '../handlers/tokens.ts'

export const handler = serveApi(makeTokensHandler, {
  store: makeStore,
  keys: makeKeys,
  consoleUrl: makeConsoleUrl,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
