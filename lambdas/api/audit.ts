import { systemClock } from '../../platforms/aws/clock.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeNotifier } from '../../platforms/aws/notifier.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeAuditHandler } from '../handlers/audit.ts'

export const handler = serveApi(makeAuditHandler, {
  store: makeStore,
  keys: makeKeys,
  notifier: makeNotifier,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
