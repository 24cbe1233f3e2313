import { systemClock } from '../../platforms/aws/clock.ts'
import { makeIds } from '../../platforms/aws/ids.ts'
import { makeKeys } from '../../platforms/aws/keys.ts'
import { makeSecrets } from '../../platforms/aws/secrets.ts'
import { serveApi } from '../../platforms/aws/serve.ts'
import { makeStore } from '../../platforms/aws/store/store.ts'
import { makeSecretsHandler } from '../handlers/secrets.ts'

export const handler = serveApi(makeSecretsHandler, {
  store: makeStore,
  secrets: makeSecrets,
  keys: makeKeys,
  ids: () => makeIds(systemClock),
  clock: () => systemClock,
})
