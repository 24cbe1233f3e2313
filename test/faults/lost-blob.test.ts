import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'

const source = (text: string) => `
import { App } from 'sluice'
const app = new App('shop')
export const site = app.web({ minContainers: 1 }, () => new Response('${text}'))
export const price = app.function(() => '${text}')
export default app
`

test('a version whose files were deleted behind its back does not go live, says what is missing and how to have it again, and the one before serves on', async () => {
  await using installation = await Installation.start()
  await using folder = await AppFolder.create()
  for (const text of ['first', 'second']) {
    await folder.write('app.ts', source(text))
    await installation.run('deploy', folder.entry)
  }
  await deleteBlobs(installation.dir)

  const { code, stderr } = await installation.cli('app', 'rollback', 'shop', '--yes')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /v3 did not go live: site could not start: .*The content of app\.mjs is no longer stored \(SHA-256 [0-9a-f]{64}\)\. Deploy the app from its source again/,
  )
  assert.match(stderr, /v2 keeps serving\.\n$/)
  assert.equal((await installation.web('shop-site')).body, 'second')

  await folder.write('app.ts', source('first'))
  await installation.run('deploy', folder.entry)
  assert.equal((await installation.web('shop-site')).body, 'first')
  assert.equal(await installation.run('call', 'shop.price'), 'first\n')
})

async function deleteBlobs(dir: string): Promise<void> {
  const folders = (await readdir(join(dir, 'blobs'))).filter((name) => name.length === 2)
  for (const name of folders) await rm(join(dir, 'blobs', name), { recursive: true })
}
