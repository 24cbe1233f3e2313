import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Secrets } from '../../control/ports.ts'
import type { SecretRef } from '../../control/secret-model.ts'
import { MAX_SECRET_BYTES } from '../../protocol/secrets.ts'
import type { Conditions } from './conditions.ts'

export interface SecretsRig {
  secrets: Secrets
  close(): Promise<void>
}

const REF: SecretRef = { env: 'main', name: 'openai', version: 1 }
const VALUES = { KEY: 'sk-1', EMPTY: '', ODD: 'a "quoted"\nline, ünïcode and \\backslash' }

/** What the domain relies on to keep values and give them to containers. */
export function secretsContract(
  name: string,
  makeSecrets: () => Promise<SecretsRig>,
  { skip = false }: Conditions = {},
): void {
  describe(`${name} as secrets`, { skip, timeout: 60_000 }, () => {
    const open = async (t: TestContext): Promise<Secrets> => {
      const rig = await makeSecrets()
      t.after(() => rig.close())
      return rig.secrets
    }

    it('gives back the values as they were put', async (t) => {
      const secrets = await open(t)
      await secrets.put(REF, VALUES)
      assert.deepEqual(await secrets.get(REF), VALUES)
    })

    it('takes as much as a secret may hold', async (t) => {
      const secrets = await open(t)
      const room = MAX_SECRET_BYTES - JSON.stringify({ KEY: '' }).length
      await secrets.put(REF, { KEY: 'x'.repeat(room) })
      assert.equal((await secrets.get(REF))?.KEY?.length, room)
    })

    it('keeps versions, names and environments apart', async (t) => {
      const secrets = await open(t)
      const others = [{ version: 2 }, { version: 11 }, { name: 'openai.1' }, { env: 'staging' }]
      await secrets.put(REF, VALUES)
      for (const [i, other] of others.entries()) await secrets.put({ ...REF, ...other }, { KEY: `${i}` })
      for (const [i, other] of others.entries())
        assert.deepEqual(await secrets.get({ ...REF, ...other }), { KEY: `${i}` })
      assert.deepEqual(await secrets.get(REF), VALUES)
    })

    it('writes a version once', async (t) => {
      const secrets = await open(t)
      await secrets.put(REF, VALUES)
      await assert.rejects(secrets.put(REF, { KEY: 'another' }), (error: Error) => {
        assert.doesNotMatch(error.message, /another/)
        return true
      })
      assert.deepEqual(await secrets.get(REF), VALUES)
    })

    it('leaves nothing of what was removed, and all that was not; what is not there is no fault', async (t) => {
      const secrets = await open(t)
      await secrets.put(REF, VALUES)
      await secrets.put({ ...REF, version: 2 }, { KEY: '2' })
      for (let times = 0; times < 2; times++) await secrets.remove(REF)
      assert.equal(await secrets.get(REF), undefined)
      assert.deepEqual(await secrets.get({ ...REF, version: 2 }), { KEY: '2' })
      assert.equal(await secrets.get({ ...REF, name: 'other' }), undefined)
    })
  })
}
