import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { makeKeys } from '../../../platforms/aws/keys.ts'
import { fromVariables, toVariables } from '../../../platforms/aws/settings.ts'
import { randomPrefix, skip } from './account.ts'

describe('the keys of an installation on AWS', { skip, timeout: 60_000 }, () => {
  const keysOf = async (t: TestContext, SecretString: string) => {
    const client = new SecretsManagerClient()
    const { ARN = '' } = await client.send(
      new CreateSecretCommand({ Name: `${randomPrefix()}key`, SecretString }),
    )
    t.after(() => client.send(new DeleteSecretCommand({ SecretId: ARN, ForceDeleteWithoutRecovery: true })))
    return makeKeys(fromVariables(toVariables({ keySecret: ARN })))
  }

  it('are the HMAC-SHA-256 of RFC 4231 under the secret, and the SHA-256 of FIPS 180', async (t) => {
    // Test case 2 with its key, "Jefe", padded with zeros as HMAC itself pads it.
    const keys = await keysOf(t, 'Jefe'.padEnd(32, '\0'))
    const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    assert.equal(keys.mac('what do ya want for nothing?'), mac)
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    assert.equal(keys.hash('abc'), hash)
  })

  it('are refused where the secret could be guessed, with what to do', async (t) => {
    await assert.rejects(keysOf(t, 'short'), /holds 5 characters; at least 32 are needed\. Restore/)
  })
})
