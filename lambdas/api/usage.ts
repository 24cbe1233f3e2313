import { systemClock } from '../../platforms/aws/clock.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeTariff } from '../../platforms/aws/tariff.ts'
import { makeUsageHandler } from '../handlers/usage.ts'

export const handler = serveApi(makeUsageHandler, {
  store: makeStore,
  keys: makeKeys,
  tariff: makeTariff,
  clock: () => systemClock,
})
