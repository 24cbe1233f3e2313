import { makeBlobs } from '../../platforms/aws/blobs.ts'
import { systemClock } from '../../platforms/aws/clock.ts'
import { makeConsoleUrl } from '../../platforms/aws/console-url.ts'
import { makeEvents } from '../../platforms/aws/events.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeIngress } from '../../platforms/aws/ingress/ingress.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeTimetable } from '../../platforms/aws/timetable/timetable.ts'
import { makeWorklist } from '../../platforms/aws/worklist.ts'
import { makeDeploymentsHandler } from '../handlers/deployments.ts'

export const handler = serveApi(makeDeploymentsHandler, {
  store: makeStore,
  worklist: makeWorklist,
  blobs: makeBlobs,
  ingress: makeIngress,
  timetable: makeTimetable,
  events: makeEvents,
  keys: makeKeys,
  consoleUrl: makeConsoleUrl,
  clock: () => systemClock,
  ids: () => makeIds(systemClock),
})
