import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stemOf, stemsOfQuery, wordsIn } from '../../../examples/podcast-search/words.ts'

test('the forms of a word have one stem', () => {
  for (const forms of [
    ['race', 'races', 'raced', 'racing', 'Races'],
    ['liberty', 'liberties', 'Liberty’s'],
    ['win', 'winning'],
    ['mark', "mark'd", 'marked', 'marks'],
    ['search', 'searches', 'searching'],
    ['café', 'cafe', 'CAFÉS'],
  ]) {
    assert.equal(new Set(forms.map(stemOf)).size, 1, forms.map(stemOf).join(' '))
  }
})

test('different words keep different stems', () => {
  for (const [one, other] of [
    ['sing', 's'],
    ['king', 'k'],
    ['this', 'thing'],
    ['speed', 'spe'],
    ['class', 'clas'],
  ] as const) {
    assert.notEqual(stemOf(one), stemOf(other))
  }
})

test('every word knows where it stands in the text', () => {
  const text = 'We few, we happy few: “Crispin’s day”, Größe 42!'
  const found = wordsIn(text).map(({ start, end }) => text.slice(start, end))
  assert.deepEqual(found, ['We', 'few', 'we', 'happy', 'few', 'Crispin’s', 'day', 'Größe', '42'])
})

test('a query is its telling words, each once, unless it has no telling ones', () => {
  assert.deepEqual(stemsOfQuery('the race of the Races'), [stemOf('race')])
  assert.deepEqual(stemsOfQuery('to be or not to be'), ['to', 'be', 'or', 'not'])
  assert.deepEqual(stemsOfQuery('?!'), [])
})
