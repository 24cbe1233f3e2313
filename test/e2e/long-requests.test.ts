import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until, type WebAnswer } from './reached.ts'

const source = (version: string, gates: string) => `
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App, later } from 'sluice'

const app = new App('studio')

export const render = app.function({ concurrency: 10 }, async (scene: string) => {
  if (scene === 'broken') throw new Error('the key is hunter2')
  while (scene !== 'small' && !existsSync(${JSON.stringify(gates)} + '/' + scene)) await sleep(20)
  return { scene, by: ${JSON.stringify(version)} }
})

export const site = app.web((request) =>
  later(request, render, async () => [await request.text()], { wait: Number(new URL(request.url).searchParams.get('wait')) }),
)
export const form = app.web((request) => later(request, render, ['small'], { redirect: true }))
export const own = app.web((request) =>
  later(request, render, async () => [await request.text()], {
    wait: 25,
    answer: ({ scene }) => new Response('Here is ' + scene),
    failure: (error) => new Response(error.message, { status: 418 }),
  }),
)

export default app
`

let installation: Installation
let folder: AppFolder
before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
  await deploy('v1')
})
after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const deploy = async (version: string) => {
  await folder.write('app.ts', source(version, folder.path))
  await installation.run('deploy', folder.entry)
}
const release = (scene: string) => writeFile(join(folder.path, scene), '')
const post = (
  scene: string,
  headers: Record<string, string> = {},
  path = '/renders',
  label = 'studio-site',
) => installation.web(label, path, { method: 'POST', body: scene, headers })
const locationOf = ({ headers }: WebAnswer) => String(headers.location)
/** As a client resolves it against what it asked for. */
const look = (answer: WebAnswer, label = 'studio-site', accept = '*/*') =>
  installation.web(label, `/renders${locationOf(answer)}`, { headers: { accept } })

test('a result that comes soon is the answer', async () => {
  const { status, body } = await post('small', {}, '/renders?wait=25')
  assert.deepEqual([status, JSON.parse(body)], [200, { scene: 'small', by: 'v1' }])
  const own = await post('small', {}, '/', 'studio-own')
  assert.deepEqual([own.status, own.body], [200, 'Here is small'])
})

test('a result that takes long is found at its own address, over redeploys, a rollback and the death of containers', async () => {
  const first = await post('long', {}, '/renders?wait=0')
  assert.equal(first.status, 202)
  assert.match(locationOf(first), /^\?wait=0&sluice-call=ca-\w+\.\w+$/)
  assert.ok(Number(first.headers['retry-after']) >= 1)
  assert.equal(JSON.parse(first.body).location, locationOf(first))
  assert.equal((await look(first)).status, 202)
  await until('it to be worked at by v1', async () => {
    const [, id] = /=(ca-\w+)\./.exec(locationOf(first)) ?? []
    return (await installation.api('GET', `/v1/calls/${id}`)).body.status === 'running'
  })

  await deploy('v2')
  assert.deepEqual([(await look(first)).status, (await look(first)).headers['sluice-version']], [202, '2'])
  await installation.run('app', 'rollback', 'studio')
  const { items } = await installation.json('container', 'list', 'studio')
  for (const { id, function: name } of items)
    if (name === 'site') await installation.run('container', 'stop', id)
  await installation.kill()
  await installation.up()
  assert.equal((await look(first)).status, 202)

  await release('long')
  let last = await look(first)
  await until('the result', async () => {
    last = await look(first)
    return last.status !== 202
  })
  assert.deepEqual([last.status, JSON.parse(last.body)], [200, { scene: 'long', by: 'v1' }])
  assert.equal((await look(first)).body, last.body)
})

test('a request that is repeated under its key is the same call, and another one under that key is refused', async () => {
  const key = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' }
  const [one, two] = [await post('twice', key), await post('twice', key)]
  assert.equal(locationOf(one), locationOf(two))
  const other = await post('thrice', key)
  assert.deepEqual([other.status, JSON.parse(other.body).code], [422, 'idempotency_conflict'])
  const elsewhere = await post('small', key, '/', 'studio-own')
  assert.equal(elsewhere.status, 200)
  await release('twice')
})

test('an address that this endpoint did not give out leads nowhere', async () => {
  const given = await post('secret')
  const ticket = locationOf(given).replace('?sluice-call=', '')
  const { id } = await installation.json('call', 'studio.render', 'small')
  const forged = [
    ticket.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ticket.replace(/^ca-\w+/, id),
    id,
    '',
    '../../x',
  ]
  for (const wrong of forged) {
    const { status, body } = await installation.web(
      'studio-site',
      `/?sluice-call=${encodeURIComponent(wrong)}`,
    )
    assert.deepEqual([wrong, status, JSON.parse(body).code], [wrong, 404, 'call_not_found'])
  }
  assert.equal((await look(given, 'studio-own')).status, 404)
  await release('secret')
})

test('a failure is told without the words of the error, unless the author says so', async () => {
  const { status, headers, body } = await post('broken', {}, '/?wait=25')
  assert.deepEqual([status, headers['content-type']], [500, 'application/problem+json'])
  assert.equal(JSON.parse(body).code, 'call_failed')
  assert.doesNotMatch(body, /hunter2/)
  const own = await post('broken', {}, '/', 'studio-own')
  assert.deepEqual([own.status, own.body], [418, 'the key is hunter2'])
})

test('a browser is sent on, waits on a page that reloads itself, and is shown the result', async () => {
  const sent = await post('small', { accept: 'text/html' }, '/renders', 'studio-form')
  assert.equal(sent.status, 303)
  await until('the result', async () => (await look(sent, 'studio-form')).status === 200)
  const waiting = await post('page', { accept: 'text/html,*/*' })
  assert.equal(waiting.status, 202)
  assert.equal(waiting.headers.refresh, `1; url=${locationOf(waiting)}`)
  assert.match(waiting.body, /<!doctype html>/)
  await release('page')
})
