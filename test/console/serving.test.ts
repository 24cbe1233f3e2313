import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'

let installation: Installation
before(async () => {
  installation = await Installation.start()
})
after(() => installation[Symbol.asyncDispose]())

const get = (path: string, accept: string): Promise<Response> =>
  fetch(installation.url + path, { headers: { accept } })

test('every address of the console is its page, under a policy that runs no script but its own', async () => {
  for (const path of [
    '/',
    '/apps/main',
    '/apps/main/shop.v2',
    '/apps/main/shop/functions/search?range=1h',
    '/sign-in',
  ]) {
    const answer = await get(path, 'text/html')
    assert.equal(answer.status, 200, path)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe|\*|http/)
    assert.equal(answer.headers.get('cache-control'), 'no-cache')
  }
})

test('files of the console are kept for good, and one that is not there is no page', async () => {
  const [script = ''] = /\/assets\/[^"]+\.js/.exec(await (await get('/', 'text/html')).text()) ?? []
  const answer = await get(script, '*/*')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('cache-control') ?? '', /immutable/)
  assert.equal((await get('/assets/none.js', '*/*')).status, 404)
})

test('a script that asks for what is no route is told so, and not shown a page', async () => {
  for (const [path, accept] of [
    ['/v1/none', 'text/html'],
    ['/apps/main', '*/*'],
  ] as const) {
    const answer = await get(path, accept)
    assert.equal(answer.status, 404)
    assert.match(await answer.text(), /"route_not_found"/)
  }
})

test('whoever signs in is shown the apps', { skip: WITHOUT_CHROMIUM }, async () => {
  await using console = await Console.open(installation)
  const stranger = await console.stranger()
  await stranger.goto(`${installation.url}/apps/main`)
  await stranger.getByRole('heading', { name: 'Sign in to Sluice' }).waitFor()
  await expectAccessible(stranger)
  const page = await console.visit('/')
  await page.getByRole('heading', { name: 'Apps' }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/apps/main')
  await expectAccessible(page)
})
