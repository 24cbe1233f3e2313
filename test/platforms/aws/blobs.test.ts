import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { makeBlobs } from '../../../platforms/aws/blobs.ts'
import { fromVariables, toVariables } from '../../../platforms/aws/settings.ts'
import { blobsContract, hashOf, put } from '../../contract/blobs.ts'
import { randomPrefix, skip } from './account.ts'

const HASH = hashOf('content')

async function scene() {
  const client = new S3Client()
  const Bucket = `${randomPrefix()}blobs`
  await client.send(new CreateBucketCommand({ Bucket }))
  return {
    blobs: makeBlobs(fromVariables(toVariables({ blobsBucket: Bucket }))),
    close: async () => {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
        for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }))
      }
      await client.send(new DeleteBucketCommand({ Bucket }))
    },
  }
}

blobsContract('S3Blobs', scene, {
  skip,
  except: {
    'gives nothing to whoever has no signature':
      'the emulator lets anybody in; that AWS does not is in the bucket, see test/infra',
  },
})

describe('S3Blobs', { skip, timeout: 60_000 }, () => {
  const sceneOf = async (t: TestContext) => {
    const made = await scene()
    t.after(() => made.close())
    return made.blobs
  }

  it('lets an upload be made only with the checksum that was signed', async (t) => {
    const blobs = await sceneOf(t)
    const { url, headers = {} } = await blobs.uploadUrl(HASH)
    const { searchParams } = new URL(url)
    assert.equal(searchParams.get('X-Amz-SignedHeaders'), 'host;x-amz-checksum-sha256')
    assert.equal(searchParams.get('X-Amz-Expires'), '900')
    const other = Buffer.from(hashOf('other'), 'hex').toString('base64')
    assert.equal((await put({ url, headers: {} }, 'other')).status, 403)
    assert.equal((await put({ url, headers: { 'x-amz-checksum-sha256': other } }, 'other')).status, 403)
    assert.deepEqual(await blobs.missing([HASH]), [HASH])
    assert.equal((await put({ url, headers }, 'content')).status, 200)
  })

  it('looks for more contents than it asks for at once, each once, and keeps their order', async (t) => {
    const blobs = await sceneOf(t)
    const hashes = Array.from({ length: 50 }, (_, n) => hashOf(String(n)))
    for (const n of [3, 40]) await blobs.put(Buffer.from(String(n)))
    const missing = hashes.filter((_, n) => n !== 3 && n !== 40)
    assert.deepEqual(await blobs.missing([...hashes, ...hashes]), missing)
  })

  it('takes nothing for a hash that is none', async (t) => {
    const blobs = await sceneOf(t)
    for (const hash of ['../secret', '', HASH.toUpperCase()]) {
      await assert.rejects(blobs.uploadUrl(hash))
      await assert.rejects(blobs.downloadUrl(hash))
      await assert.rejects(blobs.get(hash))
    }
  })
})
