import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FunctionSpec } from '../../protocol/manifest.ts'
import type { BootResponse } from '../../protocol/runtime.ts'
import { childVariables, secretVariables } from '../../runner/child-environment.ts'

const ENVIRONMENT = {
  apiUrl: 'http://api.test',
  containerId: 'co-1',
  token: 'sct_1',
  root: '/root',
  host: '127.0.0.1',
  port: 0,
}

const assignment: BootResponse = {
  env: 'main',
  app: 'shop',
  function: 'work',
  version: 1,
  spec: FunctionSpec.parse({ kind: 'plain', env: { MODE: 'env' } }),
  files: [],
  entry: 'app.mjs',
  reportEvery: 60,
  signingKey: '0',
  secrets: { KEY: 'sk-1', constructor: 'also a name', MODE: 'secret', SLUICE_TOKEN: 'stolen' },
}

test('secrets are no part of the environment that the author’s process is started with', () => {
  const started = childVariables(ENVIRONMENT, assignment, { PATH: '/bin', KEY: 'of the machine' })
  assert.equal('KEY' in started, false)
  assert.equal(started.MODE, 'env')
})

test('of secrets the author’s code gets all but what its own env sets, and what Sluice says of itself', () => {
  assert.deepEqual(secretVariables(assignment), { KEY: 'sk-1', constructor: 'also a name' })
  const { secrets, ...without } = assignment
  assert.deepEqual(secretVariables(without), {})
})
