import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeSite } from '../../../examples/podcast-search/site.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/podcast-search')

const site = makeSite({
  folders: { '/assets': join(EXAMPLE, 'frontend'), '/transcripts': join(EXAMPLE, 'transcripts') },
  search: async (query) => ({ query, edition: '2024-01-01', hits: [] }),
  episodes: async () => ({ edition: '2024-01-01', episodes: [] }),
  version: '7',
})
const get = (path: string, method = 'GET') => site(new Request(`http://localhost${path}`, { method }))

test('the page and all the files that it names are served', async () => {
  const page = await get('/')
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  const html = await page.text()
  const named = Array.from(html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g), ([, path]) => path ?? '')
  assert.ok(named.length >= 3)
  for (const path of named) assert.equal((await get(path)).status, 200, path)
})

test('a search answers what was found, under which version', async () => {
  const answer = await get('/api/search?q=new%20birth')
  assert.deepEqual(await answer.json(), { version: '7', query: 'new birth', edition: '2024-01-01', hits: [] })
})

test('an empty or endless query, another method and an unknown path are refused in words', async () => {
  for (const [response, status] of [
    [await get('/api/search?q=%20'), 400],
    [await get(`/api/search?q=${'x'.repeat(201)}`), 400],
    [await get('/', 'POST'), 405],
    [await get('/assets/missing.css'), 404],
  ] as const) {
    assert.equal(response.status, status)
    assert.match(await response.text(), /^\{"error":"[A-Z].*\.?"\}$/)
  }
})

test('no path leads out of the served folders', async () => {
  for (const path of [
    '/assets/../app.ts',
    '/assets/%2e%2e/app.ts',
    '/assets/..%2fapp.ts',
    '/app.ts',
    '/assets',
  ]) {
    assert.equal((await get(path)).status, 404, path)
  }
})
