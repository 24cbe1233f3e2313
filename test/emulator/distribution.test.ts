import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { skip } from '../platforms/aws/account.ts'
import { Site } from './site.ts'

const PAGE = '<!doctype html><title>A page</title>'
const FILES = { 'index.html': PAGE, 'assets/app.js': 'export {}', 'notes.txt': 'not for everybody' }

describe('a distribution of the AWS emulator', { skip, timeout: 60_000 }, () => {
  let site: Site

  before(async () => {
    site = await new Site().make(FILES)
  })
  after(() => site?.delete())

  it('runs its function before it asks the bucket, and answers with the policy’s headers', async () => {
    for (const path of ['/', '/apps/main/my.app?range=6h']) {
      const answer = await site.get(path)
      assert.equal(answer.status, 200)
      assert.equal(await answer.text(), PAGE)
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
      assert.equal(answer.headers.get('cache-control'), 'no-cache')
      assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'")
      assert.equal(answer.headers.get('strict-transport-security'), 'max-age=60')
      assert.equal(answer.headers.get('permissions-policy'), 'camera=()')
    }
    const script = await site.get('/assets/app.js')
    assert.match(script.headers.get('content-type') ?? '', /javascript/)
  })

  it('reads nothing that is not there, and takes no other methods', async () => {
    assert.equal((await site.get('/assets/none.js')).status, 403)
    assert.equal((await site.get('/', { method: 'POST', body: 'x' })).status, 403)
  })

  it('leads an API’s paths to it with all but the viewer’s host, and back whatever it answers', async () => {
    const answer = await site.get('/v1/apps?limit=2&q=a%20b', {
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json', 'wanted-status': '403' },
      body: '{"name":"me"}',
    })
    assert.equal(answer.status, 403)
    const told = (await answer.json()) as { headers: Record<string, string> } & Record<string, string>
    assert.deepEqual(
      [told.method, told.rawQueryString, told.body],
      ['POST', 'limit=2&q=a%20b', '{"name":"me"}'],
    )
    assert.equal(told.headers.authorization, 'Bearer token')
    assert.notEqual(told.headers.host, site.address)
    assert.equal(answer.headers.get('content-security-policy'), null)
  })

  it('sends whoever comes without TLS to where there is some, and lets nobody ask the API so', async () => {
    const moved = await site.getWithoutTls('/apps/main')
    assert.deepEqual(
      [moved.status, moved.headers.get('location')],
      [301, `https://${site.address}/apps/main`],
    )
    assert.equal((await site.getWithoutTls('/v1/apps')).status, 403)
  })
})
