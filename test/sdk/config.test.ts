import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { readConfig } from '../../sdk/config.ts'
import { ConfigurationError } from '../../sdk/errors.ts'
import { makeFolder } from './folder.ts'

const NAMES = ['SLUICE_URL', 'SLUICE_TOKEN', 'SLUICE_ENV', 'SLUICE_DIR', 'SLUICE_PROFILE', 'SLUICE_AUTH']
const NO_PROFILES = makeFolder()
const clear = () => {
  for (const name of NAMES) delete process.env[name]
  process.env.XDG_CONFIG_HOME = NO_PROFILES.path
}
clear()
afterEach(clear)
after(() => NO_PROFILES[Symbol.dispose]())

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

test('a folder that came with a repository sends nobody to an address elsewhere', () => {
  process.env.SLUICE_TOKEN = 'team-token'
  for (const url of [
    'https://evil.example.com',
    'http://127.0.0.1.example.com:4100',
    'http://127.0.0.1:4100@evil.example.com',
    'http://localhost:4100/../..//evil',
  ]) {
    using near = makeFolder({ '.sluice/control-plane.json': JSON.stringify({ url }), '.sluice/token': 'x' })
    assert.throws(() => readConfig({}, [near.path]), ConfigurationError, url)
  }
})

test('without any control plane the error says how to start one', () => {
  using nothing = makeFolder({ '.sluice/control-plane.json': '{"url":' })
  const isClear = (error: Error) => error instanceof ConfigurationError && /sluice up/.test(error.message)
  assert.throws(() => readConfig({}, [nothing.path]), isClear)
  process.env.SLUICE_DIR = nothing.path
  assert.throws(() => readConfig({}, []), isClear)
  assert.throws(() => readConfig({ url: 'localhost 4100' }, []), /is no address of Sluice/)
})

const PROD = { url: 'https://prod.example.com', token: 'prod-token', env: 'blue' }
const STAGING = { url: 'https://staging.example.com', token: 'staging-token' }

function useProfiles(current?: string) {
  const folder = makeFolder({
    'sluice/profiles.json': JSON.stringify({ current, profiles: { prod: PROD, staging: STAGING } }),
  })
  process.env.XDG_CONFIG_HOME = folder.path
  return folder
}

test('the profile in use comes before the platform that is near, and after all that is said', () => {
  using _ = useProfiles('prod')
  using near = makeFolder(PLATFORM)
  const read = (given = {}) => readConfig(given, [near.path])
  assert.deepEqual(read(), PROD)
  process.env.SLUICE_DIR = join(near.path, '.sluice')
  assert.deepEqual(read(), LOCAL)
  process.env.SLUICE_PROFILE = 'staging'
  assert.deepEqual(read(), STAGING)
  process.env.SLUICE_URL = 'https://other.example.com'
  assert.deepEqual(read(), { url: 'https://other.example.com' })
  process.env.SLUICE_TOKEN = 'other-token'
  assert.deepEqual(read(), { url: 'https://other.example.com', token: 'other-token' })
  assert.deepEqual(read({ profile: 'prod' }), PROD, 'whoever names a profile means all of it')
  assert.deepEqual(read({ profile: 'local' }), LOCAL)
  process.env.SLUICE_ENV = 'green'
  assert.deepEqual(read({ profile: 'prod' }), { ...PROD, env: 'green' })
  assert.equal(read({ profile: 'prod', env: 'red' }).env, 'red')
})

test('the token of a profile is sent to no control plane but its own', () => {
  using _ = useProfiles('prod')
  using near = makeFolder(PLATFORM)
  const tokenFor = (url: string, profile?: string) =>
    readConfig({ url, ...(profile && { profile }) }, [near.path]).token
  assert.equal(tokenFor('https://prod.example.com/v2'), 'prod-token')
  assert.equal(tokenFor('https://evil.example.com'), undefined)
  assert.equal(tokenFor('https://evil.example.com', 'prod'), undefined)
  assert.equal(tokenFor('http://localhost:4100'), 'local-token', 'the platform that is near stays known')
})

test('a profile may sign requests in place of a token', () => {
  using folder = makeFolder({
    'sluice/profiles.json': JSON.stringify({ profiles: { aws: { url: PROD.url, auth: 'aws' } } }),
  })
  process.env.XDG_CONFIG_HOME = folder.path
  assert.equal(readConfig({ profile: 'aws' }, []).aws, process.env)
  process.env.SLUICE_PROFILE = 'aws'
  assert.equal(readConfig({}, []).aws, process.env)
  process.env.SLUICE_TOKEN = 'given'
  assert.deepEqual(readConfig({}, []), { url: PROD.url, token: 'given' })
})

test('a profile that is not there, and a file that is none, are told by name', () => {
  using folder = useProfiles('gone')
  assert.throws(() => readConfig({}, []), /no profile "gone"\. There are prod, staging\./)
  assert.throws(() => readConfig({ profile: 'constructor' }, []), /no profile "constructor"/)
  assert.equal(readConfig({ profile: 'prod' }, []).token, 'prod-token')
  writeFileSync(join(folder.path, 'sluice/profiles.json'), '{"profiles":{"prod":{}}}')
  assert.throws(() => readConfig({ profile: 'prod' }, []), /profiles\.json holds no profiles/)
  process.env.SLUICE_URL = PROD.url
  process.env.SLUICE_TOKEN = 'given'
  assert.equal(readConfig({}, []).token, 'given', 'a container has no business with it')
})
