import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console } from './console.ts'
import { Traffic, VIEW_NAMES, VIEWS } from './views.ts'

/** Compressed: of what is loaded before anything is shown, and of all that a tour of every view loads. */
const FIRST_BYTES = 150_000
const ALL_BYTES = 200_000

let installation: Installation
before(async () => {
  installation = await Installation.start()
})
after(() => installation[Symbol.asyncDispose]())

test('the first page is small, and so is all the rest', { skip: WITHOUT_CHROMIUM }, async (t) => {
  await using console = await Console.open(installation)
  const page = await console.stranger()
  const traffic = new Traffic(page)
  await page.goto(installation.url)
  await traffic.settled(page)
  const first = await compressed(traffic.files)
  t.diagnostic(`first: ${first} bytes`)
  assert.ok(first > 10_000, `${first} bytes cannot be all of it`)
  assert.ok(first < FIRST_BYTES, `${first} bytes for the first page`)

  const visitor = await console.visit('/')
  const tour = new Traffic(visitor)
  for (const name of VIEW_NAMES) {
    const before = new Set(tour.files)
    await visitor.goto(installation.url + VIEWS[name]({ app: 'none', function: 'none', call: 'none' }))
    await tour.settled(visitor)
    const own = await compressed(tour.files.filter((file) => isAsset(file) && !before.has(file)))
    t.diagnostic(`${name}: ${own} bytes`)
  }
  const all = await compressed(tour.files.filter(isAsset))
  assert.ok(all < ALL_BYTES, `${all} bytes for all views`)
})

const isAsset = (path: string): boolean => path.startsWith('/assets/')

async function compressed(paths: string[]): Promise<number> {
  const sizes = [...new Set(paths)].map(async (path) => {
    const answer = await fetch(installation.url + path, { headers: { accept: 'text/html, */*' } })
    assert.equal(answer.status, 200, path)
    return gzipSync(Buffer.from(await answer.arrayBuffer())).length
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
