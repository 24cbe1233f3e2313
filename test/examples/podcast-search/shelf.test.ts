import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editionAt } from '../../../examples/podcast-search/editions.ts'
import { keepCurrent } from '../../../examples/podcast-search/shelf.ts'

test('an edition comes out at six in the morning in Paris, in summer as in winter', () => {
  assert.equal(editionAt(new Date('2024-01-10T04:59:59Z')), '2024-01-09')
  assert.equal(editionAt(new Date('2024-01-10T05:00:00Z')), '2024-01-10')
  assert.equal(editionAt(new Date('2024-07-10T03:59:59Z')), '2024-07-09')
  assert.equal(editionAt(new Date('2024-07-10T04:00:00Z')), '2024-07-10')
  assert.equal(editionAt(new Date('2024-03-31T04:00:00Z')), '2024-03-31')
  assert.equal(editionAt(new Date('2024-03-01T04:00:00Z')), '2024-02-29')
})

test('an edition is made once, however many ask for it at a time', async () => {
  let made = 0
  const current = keepCurrent(
    () => 'monday',
    async (edition) => `${edition} ${++made}`,
  )
  assert.deepEqual(await Promise.all([current(), current()]), ['monday 1', 'monday 1'])
})

test('a new edition replaces the old one, and one that cannot be made does not', async (t) => {
  const complaints = t.mock.method(console, 'error', () => {})
  let edition = 'monday'
  const current = keepCurrent(
    () => edition,
    async (day) => {
      if (day === 'wednesday') throw new Error('no paper')
      return day
    },
  )
  assert.equal(await current(), 'monday')
  edition = 'tuesday'
  assert.equal(await current(), 'tuesday')
  edition = 'wednesday'
  assert.equal(await current(), 'tuesday')
  assert.equal(complaints.mock.callCount(), 1)
  edition = 'thursday'
  assert.equal(await current(), 'thursday')
})

test('where no edition could ever be made, the next who asks tries again', async () => {
  let attempts = 0
  const current = keepCurrent(
    () => 'monday',
    async () => {
      if (++attempts === 1) throw new Error('no paper')
      return 'monday'
    },
  )
  await assert.rejects(current(), /no paper/)
  assert.equal(await current(), 'monday')
})
