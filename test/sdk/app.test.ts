import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { APP, type AuthoredFunction, FUNCTION, nameFunctions } from '../../protocol/author.ts'
import { App, Cron, mountPath, Period } from '../../sdk/index.ts'

const specOf = (authored: AuthoredFunction) => authored[FUNCTION].spec

test('options become the spec that is deployed, in seconds', () => {
  const app = new App('demo')
  const plain = app.function(
    { cpu: 1, memory: 2048, timeout: '1h30m', startupTimeout: '90s', retries: 2, env: { A: 'b' } },
    () => 1,
  )
  assert.deepEqual(specOf(plain), {
    kind: 'plain',
    cpu: 1,
    memory: 2048,
    timeout: 5400,
    startupTimeout: 90,
    retries: { max: 2 },
    env: { A: 'b' },
  })
  const patient = app.function({ retries: { max: 3, initialDelay: '5s', maxDelay: '1m' } }, () => 1)
  assert.deepEqual(specOf(patient).retries, { max: 3, initialDelay: 5, maxDelay: 60 })
  assert.deepEqual(specOf(app.function(() => 1)), { kind: 'plain' })
})

test('an app has tags, and no option that nothing reads', () => {
  assert.deepEqual(new App('demo', { tags: { team: 'search' } })[APP].tags, { team: 'search' })
  assert.equal('tags' in new App('demo', {})[APP], false)
  assert.throws(() => new App('demo', { tag: {} } as object), /no option "tag"\. Did you mean "tags"\?/)
})

test('schedules make a function scheduled', () => {
  const app = new App('demo')
  const daily = app.function({ schedule: Cron('0 6 * * *', { timezone: 'Europe/Paris' }) }, () => 1)
  assert.deepEqual(specOf(daily), {
    kind: 'scheduled',
    schedule: { type: 'cron', expression: '0 6 * * *', timezone: 'Europe/Paris' },
  })
  assert.deepEqual(Period({ days: 1, hours: 4, minutes: 2, seconds: 1 }), {
    type: 'period',
    seconds: 100_921,
  })
  assert.throws(() => Period({}), /needs a time/)
})

test('a misspelt option is an error that names the right one', () => {
  const app = new App('demo')
  const misspelt = [
    () => app.function({ cpus: 1 } as object, () => 1),
    () => app.web({ minContainer: 1 } as object, () => new Response()),
    () => app.function({ retries: { maxx: 1 } as object }, () => 1),
    () => Cron('* * * * *', { timeZone: 'UTC' } as object),
    () => Period({ hour: 1 } as object),
  ]
  const meant = ['"cpu"', '"minContainers"', '"max"', '"timezone"', '"hours"']
  for (const [index, misspell] of misspelt.entries()) {
    assert.throws(misspell, (error: Error) => error.message.endsWith(`Did you mean ${meant[index]}?`))
  }
  assert.throws(() => app.function({ zzz: 1 } as object, () => 1), /no option "zzz"\. It takes name, cpu/)
  assert.throws(() => app.function({ timeout: '10 min' }, () => 1), /timeout: "10 min" is not a duration/)
  assert.throws(() => app.function({} as never), /needs a handler/)
})

test('a web function takes a handler, or anything with a fetch method', async () => {
  const app = new App('demo')
  const router = {
    greeting: 'hello from ',
    fetch(request: Request) {
      return new Response(this.greeting + new URL(request.url).pathname)
    },
  }
  const routed = app.web({ label: 'front' }, router)
  const plain = app.web((request) => new Response(request.method))
  assert.deepEqual(specOf(routed), { kind: 'web', label: 'front' })
  assert.equal(await (await routed.local(new Request('http://a/there'))).text(), 'hello from /there')
  assert.equal(await (await plain.local(new Request('http://a/'))).text(), 'GET')
})

test('functions are found by the loader, in the order of their definition, without any class in common', () => {
  const app = new App('demo')
  const zulu = app.function(() => 1)
  const alpha = app.function({ name: 'given' }, () => 2)
  const { functions, faults } = nameFunctions({ default: app, alpha, zulu })
  assert.deepEqual([...functions.keys()], ['zulu', 'given'])
  assert.deepEqual(faults, [])
  assert.equal(app[APP].functions.length, 2)
})

test('.local runs the handler here and now', async () => {
  const app = new App('demo')
  const add = app.function((a: number, b: number) => a + b)
  assert.equal(add.local(2, 3), 5)
})

test('on the author’s machine a mount is the folder that it is made of', () => {
  const app = new App('demo')
  app.function({ files: { '/assets': './public/assets' } }, () => 1)
  assert.equal(mountPath('/assets'), join(import.meta.dirname, 'public/assets'))
  assert.equal(mountPath('/elsewhere'), join(process.cwd(), 'elsewhere'))
})
