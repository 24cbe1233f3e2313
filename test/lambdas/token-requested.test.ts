import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeTokenRequestedHandler } from '../../lambdas/handlers/token-requested.ts'
import { send } from './client.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

test('a token that was asked for opens the API, and only its hash is stored', async () => {
  const stored: string[] = []
  const store = {
    ...installation.ports.store,
    putToken: (...put: Parameters<typeof installation.ports.store.putToken>) => {
      stored.push(JSON.stringify(put))
      return installation.ports.store.putToken(...put)
    },
  }
  const issue = makeTokenRequestedHandler({ ...installation.ports, store })
  const { name, token } = await issue({ name: 'ada' })
  assert.equal(name, 'ada')
  assert.equal((await send(installation, 'whoAmI', { token })).body.role, 'admin')
  assert.equal(stored.length, 1)
  assert.doesNotMatch(stored.join(), new RegExp(token))
  assert.notEqual((await issue({ name: 'ada' })).token, token)
})

test('who asks for a token for nobody is told how to', async () => {
  const issue = makeTokenRequestedHandler(installation.ports)
  for (const event of [{}, { name: '' }, { name: 'ada', admin: true }, undefined])
    await assert.rejects(issue(event), /\{"name": "ada"\}/)
})
