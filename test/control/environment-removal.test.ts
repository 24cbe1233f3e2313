import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deleteEnvironment } from '../../control/environment-removal.ts'
import { createEnvironment } from '../../control/environments.ts'
import { deleteSecret, writeSecret } from '../../control/secrets.ts'
import { install } from '../lambdas/installation.ts'

const STAGING = { name: 'staging', by: 'ann' }
const OPENAI = { env: 'staging', name: 'openai' }

async function staging(close: (end: () => void) => void) {
  const installation = await install()
  close(() => installation.close())
  let ahead = 0
  const ports = { ...installation.ports, clock: { now: () => Date.now() + ahead } }
  await createEnvironment(ports, STAGING)
  const wait = (ms: number) => {
    ahead += ms
  }
  return { ports, wait }
}

test('values of a secret whose deletion died midway go with its environment', async (t) => {
  const { ports } = await staging((end) => t.after(end))
  await writeSecret(ports, { key: OPENAI, variables: { KEY: 'one' }, by: 'ann', force: false })
  const dying = {
    ...ports.secrets,
    put: ports.secrets.put.bind(ports.secrets),
    get: ports.secrets.get.bind(ports.secrets),
    remove: () => Promise.reject(new Error('it died')),
  }
  const request = { key: OPENAI, force: true, by: 'ann' }
  await assert.rejects(deleteSecret({ ...ports, secrets: dying }, request), /it died/)
  await deleteEnvironment(ports, STAGING)
  assert.equal(await ports.secrets.get({ ...OPENAI, version: 1 }), undefined)
  assert.deepEqual(await ports.store.allSecretVersions('staging'), [])
})

test('an environment in which somebody is just writing a secret stays until that is over', async (t) => {
  const { ports, wait } = await staging((end) => t.after(end))
  const version = await ports.store.beginSecret(OPENAI, ports.clock.now())
  await ports.secrets.put({ ...OPENAI, version }, { KEY: 'one' })
  await assert.rejects(deleteEnvironment(ports, STAGING), { code: 'environment_in_use' })
  wait(120_000)
  await deleteEnvironment(ports, STAGING)
  assert.equal(await ports.secrets.get({ ...OPENAI, version }), undefined)
})
