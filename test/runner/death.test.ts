import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Death, deathOf } from '../../runner/death.ts'

const ENDED = 'The process that runs the function exited with code 1.'

test('a crash tells how the process ended and what it wrote last, as far as that can travel', () => {
  assert.equal(messageOf(crash([])), ENDED)
  assert.equal(messageOf(crash(['Error: no disk'])), `${ENDED}\nError: no disk`)
  const long = messageOf(crash([...Array<string>(9).fill('x'.repeat(16_384)), 'the end']))
  assert.ok(long.startsWith(ENDED) && long.endsWith('the end'))
  assert.ok(long.length < 10_000, `${long.length} characters`)
})

const crash = (errors: string[]): Death =>
  deathOf({ code: 1, signal: null, wanted: false, errors }, undefined)

const messageOf = (death: Death): string => (death.kind === 'crashed' ? death.error.message : assert.fail())
