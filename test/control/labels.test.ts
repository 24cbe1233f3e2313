import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { labelOf, labelsOf } from '../../control/labels.ts'
import { FunctionSpec, type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const keys = { hash, mac: hash }
const web = (more: Partial<FunctionSpecInput> = {}) => FunctionSpec.parse({ kind: 'web', ...more })

test('a label is made of app and function, and of the environment where it is not the default one', () => {
  assert.equal(
    labelOf(keys, { env: 'main', app: 'Pod_Transcriber.v2' }, 'fastapiApp', web()),
    'pod-transcriber-v2-fastapi-app',
  )
  assert.equal(labelOf(keys, { env: 'staging', app: 'pod' }, 'page', web()), 'staging--pod-page')
})

test('a label of 63 characters stands; a longer one is cut to 56 and told apart by six digits of its hash', () => {
  const app = 'a'.repeat(58)
  assert.equal(labelOf(keys, { env: 'main', app }, 'page', web()), `${app}-page`)
  const longer = `${app}a-page`
  assert.equal(
    labelOf(keys, { env: 'main', app: `${app}a` }, 'page', web()),
    `${longer.slice(0, 56)}-${hash(longer).slice(0, 6)}`,
  )
})

test('the author’s own label stands', () => {
  assert.equal(labelOf(keys, { env: 'staging', app: 'pod' }, 'page', web({ label: 'hello' })), 'hello')
})

test('two functions that would answer at one address are refused by name', () => {
  const manifest = Manifest.parse({
    app: 'pod',
    bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
    functions: { myPage: { kind: 'web' }, my_page: { kind: 'web' } },
  })
  assert.throws(
    () => labelsOf(keys, { env: 'main', app: 'pod' }, manifest),
    /myPage and my_page would both answer/,
  )
})
