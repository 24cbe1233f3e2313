import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialsIn } from '../../../platforms/aws/lambda-credentials.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 'hush' }

test('a function speaks to AWS as its role', () => {
  assert.deepEqual(credentialsIn({ ...KEYS, AWS_SESSION_TOKEN: 'session', AWS_REGION: 'eu-west-1' }), {
    accessKeyId: 'ASIA1',
    secretAccessKey: 'hush',
    sessionToken: 'session',
  })
})

test('without a session there is no session token to sign', () => {
  assert.deepEqual(credentialsIn(KEYS), { accessKeyId: 'ASIA1', secretAccessKey: 'hush' })
})

for (const name of Object.keys(KEYS)) {
  test(`a function that lacks ${name} says so`, () => {
    assert.throws(() => credentialsIn({ ...KEYS, [name]: '' }), /has no AWS credentials in its environment/)
  })
}
