import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { indexOf, merge } from '../../../examples/podcast-search/inverted-index.ts'
import { readEpisode, readLibrary } from '../../../examples/podcast-search/library.ts'
import { searcher } from '../../../examples/podcast-search/searching.ts'
import { type Episode, parseTranscript } from '../../../examples/podcast-search/transcript.ts'

const TRANSCRIPTS = join(import.meta.dirname, '../../../examples/podcast-search/transcripts')

const episode = (slug: string, text: string, title = slug): Episode => ({
  slug,
  title,
  speaker: 'Nobody',
  year: 1900,
  published: '2024-01-01',
  source: 'Written for a test',
  text,
})

async function slugsFound(episodes: Episode[], query: string): Promise<string[]> {
  const { hits } = await search(episodes, query)
  return hits.map(({ slug }) => slug)
}

function search(episodes: Episode[], query: string) {
  const bySlug = new Map(episodes.map((episode) => [episode.slug, episode]))
  const index = JSON.parse(JSON.stringify(merge('2024-01-01', episodes.map(indexOf))))
  return searcher(index, async (slug) => bySlug.get(slug) ?? assert.fail(slug))(query)
}

test('an episode that says it more often, or in fewer words, comes first', async () => {
  const filler = 'and so the story went on for a while '.repeat(3)
  const once = episode('once', `fox ${filler}`)
  const thrice = episode('thrice', `fox fox fox ${filler}`)
  const short = episode('short', 'a fox')
  const never = episode('never', filler)
  assert.deepEqual(await slugsFound([once, thrice, never], 'foxes'), ['thrice', 'once'])
  assert.deepEqual(await slugsFound([once, short, never], 'foxes'), ['short', 'once'])
})

test('a rare word counts for more than a frequent one, however often that is said', async () => {
  const episodes = [
    episode('frequent', 'river river river stone'),
    episode('rare', 'comet stone hill wood'),
    episode('third', 'river hill wood stone'),
    episode('fourth', 'river wood hill stone'),
  ]
  assert.equal((await slugsFound(episodes, 'river comet'))[0], 'rare')
})

test('a word of the title is found, and counts for more than one in the text', async () => {
  const episodes = [
    episode('speech', 'no tortoise in sight'),
    episode('fable', 'slow and steady wins', 'The Tortoise'),
  ]
  assert.deepEqual(await slugsFound(episodes, 'tortoise'), ['fable', 'speech'])
})

test('words that are also names of object members are only words', async () => {
  assert.deepEqual(await slugsFound([episode('a', 'nothing here')], 'constructor __proto__'), [])
  assert.deepEqual(await slugsFound([episode('b', 'the constructor said')], 'constructor'), ['b'])
})

test('a snippet shows where the words stand together, and marks them', async () => {
  const far = 'word '.repeat(200)
  const { hits } = await search([episode('a', `fox ${far} the fox met the crow ${far}`)], 'crow fox')
  const snippet = hits[0]?.snippet ?? assert.fail('nothing found')
  assert.deepEqual(
    snippet.marks.map(([start, end]) => snippet.text.slice(start, end)),
    ['fox', 'crow'],
  )
  assert.deepEqual(snippet.cut, { before: true, after: true })
})

test('the transcripts that come with the example can be searched', async () => {
  const episodes = await readLibrary(TRANSCRIPTS, '2024-12-31')
  assert.equal(episodes.length, 8)
  const index = merge('2024-12-31', episodes.map(indexOf))
  const find = searcher(index, (slug) => readEpisode(TRANSCRIPTS, slug))
  const best = async (query: string) => (await find(query)).hits[0]?.slug
  assert.equal(await best('honourable man'), 'friends-romans-countrymen')
  assert.equal(await best('winning a race'), 'five-fables')
  assert.equal(await best('lincoln'), 'gettysburg')
  assert.equal(await best('excessive bail'), 'bill-of-rights')
})

test('an episode is found from the day that it is published on, the latest first', async () => {
  const slugs = async (day: string) => (await readLibrary(TRANSCRIPTS, day)).map(({ slug }) => slug)
  assert.deepEqual(await slugs('2024-01-14'), ['gettysburg'])
  assert.deepEqual(await slugs('2024-01-29'), [
    'franklin-convention',
    'bill-of-rights',
    'declaration',
    'gettysburg',
  ])
})

test('a transcript without its facts is refused by name', () => {
  assert.throws(
    () => parseTranscript('draft', 'Title: Draft\nYear: 2024\n\nText'),
    /draft\.txt lacks a line for: speaker, published, source/,
  )
})
