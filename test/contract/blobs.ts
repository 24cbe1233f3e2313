import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, type TestContext } from 'node:test'
import type { Blobs, StoredBlob, Upload } from '../../control/ports.ts'
import { type Conditions, itExcept } from './conditions.ts'

export interface BlobsRig {
  blobs: Blobs
  close(): Promise<void>
}

export const hashOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

export const put = (
  { url, headers = {} }: Upload,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Response> => fetch(url, { method: 'PUT', body, headers })

const CONTENT = 'bonjour, contenu'
const HASH = hashOf(CONTENT)
const ABSENT = hashOf('never stored')

/** What the domain, deployers and containers rely on to exchange contents. */
export function blobsContract(
  name: string,
  makeBlobs: () => Promise<BlobsRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as blobs`, { skip: conditions.skip ?? false }, () => {
    const scene = async (t: TestContext) => {
      const rig = await makeBlobs()
      t.after(() => rig.close())
      const isStored = async (hash: string) => (await rig.blobs.missing([hash])).length === 0
      return { ...rig, isStored }
    }

    it('stores a content by its hash, once or twice, and gives it back', async (t) => {
      const { blobs } = await scene(t)
      for (let times = 0; times < 2; times++) assert.equal(await blobs.put(Buffer.from(CONTENT)), HASH)
      assert.equal(Buffer.from((await blobs.get(HASH)) ?? []).toString(), CONTENT)
      assert.equal(await blobs.get(ABSENT), undefined)
    })

    it('tells which contents are missing, each once', async (t) => {
      const { blobs } = await scene(t)
      await blobs.put(Buffer.from(CONTENT))
      assert.deepEqual(await blobs.missing([HASH, ABSENT, HASH, ABSENT]), [ABSENT])
    })

    it('takes a content at its upload URL and gives it at its download URL', async (t) => {
      const { blobs } = await scene(t)
      const binary = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
      const hash = hashOf(binary)
      assert.ok((await put(await blobs.uploadUrl(hash), binary)).ok)
      const answer = await fetch(await blobs.downloadUrl(hash))
      assert.equal(answer.headers.get('content-length'), String(binary.length))
      assert.equal(hashOf(await answer.bytes()), hash)
    })

    it('takes an upload that is repeated, and an empty one', async (t) => {
      const { blobs, isStored } = await scene(t)
      for (let times = 0; times < 2; times++) assert.ok((await put(await blobs.uploadUrl(HASH), CONTENT)).ok)
      assert.ok((await put(await blobs.uploadUrl(hashOf('')), '')).ok)
      assert.ok(await isStored(hashOf('')))
    })

    it('refuses another content than the announced one, and stores nothing', async (t) => {
      const { blobs, isStored } = await scene(t)
      const answer = await put(await blobs.uploadUrl(ABSENT), CONTENT)
      assert.equal(answer.status, 400)
      assert.deepEqual([await isStored(ABSENT), await isStored(HASH)], [false, false])
    })

    it('lists all contents with their size and age, removes some, and says whether it could touch one', async (t) => {
      const { blobs, isStored } = await scene(t)
      await blobs.put(Buffer.from(CONTENT))
      await blobs.put(Buffer.from('another'))
      const before = Date.now() - 60_000
      const listed = (await allOf(blobs)).filter(({ hash }) => hash === HASH)
      assert.deepEqual(
        listed.map(({ bytes, at }) => [bytes, at > before]),
        [[CONTENT.length, true]],
      )
      assert.deepEqual([await blobs.touch(HASH), await blobs.touch(ABSENT)], [true, false])
      await blobs.remove([HASH, ABSENT])
      assert.deepEqual([await isStored(HASH), await isStored(hashOf('another'))], [false, true])
    })

    it('answers 404 for a content that is not stored', async (t) => {
      const { blobs } = await scene(t)
      assert.equal((await fetch(await blobs.downloadUrl(ABSENT))).status, 404)
    })

    it('signs for one content and one method only', async (t) => {
      const { blobs, isStored } = await scene(t)
      await blobs.put(Buffer.from(CONTENT))
      const [upload, download] = [await blobs.uploadUrl(ABSENT), await blobs.downloadUrl(ABSENT)]
      const REFUSED: [what: string, answer: Promise<Response>][] = [
        ['another content', fetch(download.replace(ABSENT, HASH))],
        ['a GET of an upload URL', fetch(upload.url)],
        ['a PUT to a download URL', put({ url: download }, 'never stored')],
        ['a DELETE', fetch(download, { method: 'DELETE' })],
        ['an invented signature', fetch(download.replace(/(signature=)[^&]*/i, `$1${'0'.repeat(64)}`))],
      ]
      for (const [what, answer] of REFUSED) assert.equal((await answer).status, 403, what)
      assert.equal(await isStored(ABSENT), false)
    })

    it('gives nothing to whoever has no signature', async (t) => {
      const { blobs } = await scene(t)
      await blobs.put(Buffer.from(CONTENT))
      const download = await blobs.downloadUrl(HASH)
      assert.equal((await fetch(download.slice(0, download.indexOf('?')))).status, 403)
      assert.equal((await fetch(download.replace(/(signature=)[^&]*/i, '$1'))).status, 403)
    })
  })
}

async function allOf(blobs: Blobs): Promise<StoredBlob[]> {
  const found: StoredBlob[] = []
  let cursor: string | undefined
  do {
    const page = await blobs.list(cursor)
    found.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}
