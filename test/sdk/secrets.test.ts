import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FUNCTION } from '../../protocol/author.ts'
import { App, Secret } from '../../sdk/index.ts'

const secretsOf = (authored: ReturnType<App['function']> | ReturnType<App['web']>) =>
  authored[FUNCTION].spec.secrets

test('functions name the app’s secrets and then their own, each once, the last place counting', () => {
  const [common, openai] = [Secret.fromName('common'), Secret.fromName('openai')]
  const app = new App('demo', { secrets: [openai, common] })
  assert.deepEqual(secretsOf(app.function(() => 1)), ['openai', 'common'])
  assert.deepEqual(secretsOf(app.function({ secrets: [openai] }, () => 1)), ['common', 'openai'])
  const page = app.web({ secrets: [Secret.fromName('page')] }, () => new Response())
  assert.deepEqual(secretsOf(page), ['openai', 'common', 'page'])
  assert.equal(secretsOf(new App('demo').function({ secrets: [] }, () => 1)), undefined)
})

test('what is no secret is refused, with what to write', () => {
  const app = new App('demo')
  const mistakes = [
    () => app.function({ secrets: ['openai'] as never }, () => 1),
    () => new App('demo', { secrets: ['openai'] as never }),
  ]
  for (const mistake of mistakes) assert.throws(mistake, /\[Secret\.fromName\("openai"\)\]/)
  assert.throws(
    () => app.web({ secrets: Secret.fromName('openai') as never }, () => new Response()),
    TypeError,
  )
  assert.throws(() => Secret.fromName(''), /needs a name/)
})

test('a secret is not written in a program: that is refused without its values', () => {
  const fromDict = Secret.fromDict as (values: object) => never
  assert.throws(
    () => fromDict({ KEY: 'sk-1' }),
    (error: Error) => {
      assert.match(error.message, /sluice secret create NAME --from-dotenv FILE/)
      assert.doesNotMatch(error.message, /sk-1/)
      return true
    },
  )
})
