import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { readConfig } from '../../sdk/config.ts'
import { ConfigurationError } from '../../sdk/errors.ts'
import { makeFolder } from './folder.ts'

const NAMES = ['SLUICE_URL', 'SLUICE_TOKEN', 'SLUICE_ENV', 'SLUICE_DIR']
const clear = () => {
  for (const name of NAMES) delete process.env[name]
}
clear()
afterEach(clear)

const PLATFORM = {
  '.sluice/control-plane.json': JSON.stringify({ url: 'http://127.0.0.1:4100', ingressUrl: '', pid: 1 }),
  '.sluice/token': 'local-token\n',
}
const LOCAL = { url: 'http://127.0.0.1:4100', token: 'local-token' }

test('the nearest local platform is found from the folders that are given, the first that has one', () => {
  using near = makeFolder({ ...PLATFORM, 'apps/one/app.ts': '' })
  using far = makeFolder({ '.sluice/control-plane.json': '{"url":"http://127.0.0.1:5100"}' })
  using nothing = makeFolder()
  assert.deepEqual(readConfig({}, [nothing.path, join(near.path, 'apps/one'), far.path]), LOCAL)
})

test('the environment comes before the local platform, and what is given before both', () => {
  using near = makeFolder(PLATFORM)
  process.env.SLUICE_URL = 'https://sluice.example.com'
  process.env.SLUICE_TOKEN = 'team-token'
  process.env.SLUICE_ENV = 'staging'
  const team = { url: 'https://sluice.example.com', token: 'team-token', env: 'staging' }
  assert.deepEqual(readConfig({}, [near.path]), team)
  assert.deepEqual(readConfig({ url: 'http://other', env: 'dev' }, [near.path]), {
    ...team,
    url: 'http://other',
    env: 'dev',
  })
})

test('SLUICE_DIR names the folder of a local platform', () => {
  using near = makeFolder(PLATFORM)
  process.env.SLUICE_DIR = join(near.path, '.sluice')
  assert.deepEqual(readConfig({}, []), LOCAL)
})

test('a local token is sent to no control plane but its own', () => {
  using near = makeFolder(PLATFORM)
  const tokenFor = (url: string) => readConfig({ url }, [near.path]).token
  assert.equal(tokenFor('http://127.0.0.1:4100/'), 'local-token')
  assert.equal(tokenFor('http://localhost:4100'), 'local-token')
  assert.equal(tokenFor('http://127.0.0.1:4101'), undefined)
  assert.equal(tokenFor('http://127.0.0.1.example.com:4100'), undefined)
  assert.equal(tokenFor('https://evil.example.com'), undefined)
})

test('without any control plane the error says how to start one', () => {
  using nothing = makeFolder({ '.sluice/control-plane.json': '{"url":' })
  const isClear = (error: Error) => error instanceof ConfigurationError && /sluice up/.test(error.message)
  assert.throws(() => readConfig({}, [nothing.path]), isClear)
  process.env.SLUICE_DIR = nothing.path
  assert.throws(() => readConfig({}, []), isClear)
  assert.throws(() => readConfig({ url: 'localhost 4100' }, []), /is no address of Sluice/)
})
