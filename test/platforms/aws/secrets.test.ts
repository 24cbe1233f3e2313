import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Secrets } from '../../../control/ports.ts'
import type { SecretRef } from '../../../control/secret-model.ts'
import { ManagedSecrets } from '../../../platforms/aws/secrets.ts'
import { secretsContract } from '../../contract/secrets.ts'
import { randomPrefix, skip } from './account.ts'

secretsContract(
  'Secrets Manager',
  async () => {
    const client = new SecretsManagerClient()
    const secrets = new ManagedSecrets(client, `${randomPrefix()}secrets/`)
    const put: SecretRef[] = []
    const remembering: Secrets = {
      put: async (ref, values) => {
        put.push(ref)
        await secrets.put(ref, values)
      },
      get: (ref) => secrets.get(ref),
      remove: (ref) => secrets.remove(ref),
    }
    return {
      secrets: remembering,
      close: async () => {
        for (const ref of put) await secrets.remove(ref)
        client.destroy()
      },
    }
  },
  { skip },
)
