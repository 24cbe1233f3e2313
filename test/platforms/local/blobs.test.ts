import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { LocalBlobs } from '../../../platforms/local/blobs/blobs.ts'
import { blobServer } from '../../../platforms/local/blobs/server.ts'
import { LocalKeys } from '../../../platforms/local/keys.ts'
import { ApiServer } from '../../../platforms/local/server/server.ts'
import { Problem } from '../../../protocol/errors.ts'
import type { ApiHandler } from '../../../protocol/gateway.ts'
import { blobsContract, hashOf, put } from '../../contract/blobs.ts'

const MAX_BYTES = 1_000_000
const POLL_MS = 5
/** In which a server notices that a connection on the same machine was closed. */
const NOTICED_MS = 100
const HASH = hashOf('content')
const unused: ApiHandler = async () => ({ statusCode: 500, headers: {}, body: '' })

/** Blobs behind the real server, with the other routes left empty. */
async function scene() {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-blobs-'))
  const server = await ApiServer.listen(0)
  const time = { now: Date.parse('2026-01-01T00:00:00Z') }
  const failures: unknown[] = []
  const open = () =>
    new LocalBlobs({
      dir,
      keys: new LocalKeys(Buffer.alloc(32, 'secret')),
      clock: { now: () => time.now },
      apiUrl: () => server.url,
    })
  const blobs = open()
  server.serve({
    handlers: {
      public: unused,
      deployments: unused,
      calls: unused,
      containers: unused,
      logs: unused,
      blobs: unused,
      audit: unused,
      tokens: unused,
      schedules: unused,
      secrets: unused,
      usage: unused,
      collection: unused,
      runtime: unused,
    },
    blobs: blobServer(blobs, MAX_BYTES),
    console: () => false,
    report: ({ error }) => failures.push(error),
  })
  return {
    dir,
    server,
    blobs,
    open,
    time,
    failures,
    drafts: () => readdirSync(join(dir, 'blobs/drafts')),
    close: async () => {
      await server.close(0)
      await rm(dir, { recursive: true })
    },
  }
}

blobsContract('LocalBlobs', scene)

describe('LocalBlobs', { timeout: 30_000 }, () => {
  const sceneOf = async (t: TestContext) => {
    const made = await scene()
    t.after(() => made.close())
    return made
  }
  const problemOf = async (answer: Response) => {
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    const { status, code } = Problem.parse(await answer.json())
    return [answer.status, status, code]
  }

  it('keeps each content in a file that is named by its hash, and no draft', async (t) => {
    const { dir, blobs, drafts } = await sceneOf(t)
    await blobs.put(Buffer.from('content'))
    assert.ok(existsSync(join(dir, 'blobs', HASH.slice(0, 2), HASH)))
    assert.deepEqual(drafts(), [])
  })

  it('says what is wrong as a problem', async (t) => {
    const { blobs, failures } = await sceneOf(t)
    const upload = await blobs.uploadUrl(HASH)
    assert.deepEqual(await problemOf(await put(upload, 'other')), [400, 400, 'blob_mismatch'])
    assert.deepEqual(await problemOf(await fetch(upload.url)), [403, 403, 'forbidden'])
    const absent = await blobs.downloadUrl(HASH)
    assert.deepEqual(await problemOf(await fetch(absent)), [404, 404, 'blob_not_found'])
    assert.deepEqual(failures, [])
  })

  it('honours a URL for a quarter of an hour, and its expiry cannot be moved', async (t) => {
    const { blobs, time } = await sceneOf(t)
    await blobs.put(Buffer.from('content'))
    const url = await blobs.downloadUrl(HASH)
    time.now += 15 * 60_000 - 1
    assert.equal((await fetch(url)).status, 200)
    time.now += 1
    assert.equal((await fetch(url)).status, 403)
    const moved = url.replace(/expires=\d+/, `expires=${time.now + 1_000}`)
    assert.equal((await fetch(moved)).status, 403)
  })

  it('lets clients keep what they fetched for good', async (t) => {
    const { blobs } = await sceneOf(t)
    await blobs.put(Buffer.from('content'))
    const { headers } = await fetch(await blobs.downloadUrl(HASH))
    assert.equal(headers.get('etag'), `"${HASH}"`)
    assert.match(headers.get('cache-control') ?? '', /immutable/)
  })

  it('takes it calmly that whoever asked has gone before the content is read', async (t) => {
    const { blobs, failures } = await sceneOf(t)
    await blobs.put(Buffer.from('content'))
    const asked = request(await blobs.downloadUrl(HASH)).on('error', () => {})
    const { promise: served, resolve } = Promise.withResolvers<void>()
    const open = blobs.open.bind(blobs)
    blobs.open = async (hash) => {
      asked.destroy()
      await setTimeout(NOTICED_MS)
      resolve()
      return open(hash)
    }
    asked.end()
    await served
    await setTimeout(NOTICED_MS)
    assert.deepEqual(failures, [])
  })

  it('refuses what is too large, announced or not', async (t) => {
    const { blobs, drafts } = await sceneOf(t)
    const large = Buffer.alloc(MAX_BYTES + 1)
    const announced = await blobs.uploadUrl(hashOf(large))
    assert.deepEqual(await problemOf(await put(announced, large)), [413, 413, 'payload_too_large'])
    const pieces = await fetch(announced.url, {
      method: 'PUT',
      body: new Blob([large]).stream(),
      duplex: 'half',
    })
    assert.deepEqual(await problemOf(pieces), [413, 413, 'payload_too_large'])
    assert.deepEqual(drafts(), [])
  })

  it('refuses what is announced as too large before it is sent', async (t) => {
    const { blobs } = await sceneOf(t)
    const headers = { 'content-length': 6e9 }
    const upload = request((await blobs.uploadUrl(HASH)).url, { method: 'PUT', headers }).on(
      'error',
      () => {},
    )
    upload.flushHeaders()
    const [answer] = await once(upload, 'response')
    assert.equal(answer.statusCode, 413)
    upload.destroy()
  })

  it('keeps nothing of an upload that breaks off', async (t) => {
    const { blobs, drafts, failures } = await sceneOf(t)
    const upload = request((await blobs.uploadUrl(HASH)).url, {
      method: 'PUT',
      headers: { 'content-length': 7 },
    })
    upload.on('error', () => {})
    upload.write('cont')
    await until(() => drafts().length === 1)
    upload.destroy()
    await until(() => drafts().length === 0)
    assert.deepEqual(await blobs.missing([HASH]), [HASH])
    assert.deepEqual(failures, [])
  })

  it('is rid of drafts that a crash left', async (t) => {
    const { dir, open, drafts } = await sceneOf(t)
    writeFileSync(join(dir, 'blobs/drafts/left'), 'half')
    open()
    assert.deepEqual(drafts(), [])
  })

  it('has no other address, and leads to no other file', async (t) => {
    const { server, blobs } = await sceneOf(t)
    for (const path of [
      '/blobs/',
      '/blobs/..%2f..%2fsecret',
      `/blobs/${HASH}/`,
      `/blobs/${HASH.toUpperCase()}`,
    ]) {
      assert.equal((await fetch(server.url + path)).status, 404, path)
    }
    await assert.rejects(blobs.get('../../secret'))
    await assert.rejects(blobs.downloadUrl('../../secret'))
  })

  it('leaves every other path to the rest of the server', async (t) => {
    const { server } = await sceneOf(t)
    assert.deepEqual(await problemOf(await fetch(`${server.url}/blob`)), [404, 404, 'route_not_found'])
  })
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(POLL_MS)
}
