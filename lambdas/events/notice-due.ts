import { systemClock } from '../../platforms/aws/clock.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeLogs } from '../../platforms/aws/logs/logs.ts'
import { makeNotifier } from '../../platforms/aws/notifier.ts'
import { makeOutbox, readErrand } from '../../platforms/aws/outbox.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeNoticeDueHandler } from '../handlers/notice-due.ts'

export const handler = serve(makeNoticeDueHandler, {
  store: makeStore,
  outbox: makeOutbox,
  notifier: makeNotifier,
  logs: makeLogs,
  keys: makeKeys,
  readErrand: () => readErrand,
  clock: () => systemClock,
})
