import { systemClock } from '../../platforms/aws/clock.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeLogs } from '../../platforms/aws/logs/logs.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeLogsHandler } from '../handlers/logs.ts'

export const handler = serveApi(makeLogsHandler, {
  store: makeStore,
  logs: makeLogs,
  keys: makeKeys,
  clock: () => systemClock,
})
