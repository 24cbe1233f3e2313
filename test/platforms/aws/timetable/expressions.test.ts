import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { expressionsOf } from '../../../../platforms/aws/timetable/expressions.ts'
import { cronFault, isCronSlot, nextCronSlot } from '../../../../protocol/cron.ts'
import type { Schedule } from '../../../../protocol/manifest.ts'
import { firings } from './scheduler-clock.ts'

const NOW = Date.parse('2026-01-01T00:00:30Z')
const DAY_MS = 86_400_000
const HORIZON_MS = 400 * DAY_MS
const MOST = 60

const cron = (expression: string, timezone = 'UTC'): Schedule => ({ type: 'cron', expression, timezone })

describe('a cron for EventBridge Scheduler', () => {
  const said = (expression: string, timezone?: string) =>
    expressionsOf(cron(expression, timezone), NOW, NOW).map((one) => one.expression)

  it('counts weekdays from 1, and leaves one of the day fields unsaid', () => {
    assert.deepEqual(said('0 6 * * *'), ['cron(0 6 * * ? *)'])
    assert.deepEqual(said('*/20 8-17 * * mon-fri'), ['cron(0,20,40 8-17 ? * 2-6 *)'])
    assert.deepEqual(said('5 0 1,15 * *'), ['cron(5 0 1,15 * ? *)'])
    assert.deepEqual(said('0 0 * jan,jul fri-sun'), ['cron(0 0 ? 1,7 1,6-7 *)'])
  })

  it('takes two where either day field is enough', () => {
    assert.deepEqual(said('0 6 13 * 5'), ['cron(0 6 13 * ? *)', 'cron(0 6 ? * 6 *)'])
    assert.deepEqual(said('0 6 30,31 2 5'), ['cron(0 6 ? 2 6 *)'])
  })

  it('fires whenever Unix cron would', () => {
    fc.assert(
      fc.property(unixCron, start, (expression, after) => {
        fc.pre(cronFault(expression, 'UTC') === undefined)
        assert.deepEqual(translated(expression, 'UTC', after), expected(expression, 'UTC', after))
      }),
      { numRuns: 200 },
    )
  })

  it('fires whenever Unix cron would in any time zone, also on the days when clocks change', () => {
    const zone = fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe')
    fc.assert(
      fc.property(unixCron, zone, start, (expression, timezone, after) => {
        fc.pre(cronFault(expression, timezone) === undefined)
        assert.deepEqual(translated(expression, timezone, after), expected(expression, timezone, after))
      }),
      { numRuns: 100 },
    )
  })

  it('fires whenever Unix cron would while clocks change', () => {
    const change = fc.constantFrom(
      { timezone: 'Europe/Paris', at: '2027-03-28T01:00Z' },
      { timezone: 'Europe/Paris', at: '2027-10-31T01:00Z' },
      { timezone: 'America/New_York', at: '2027-03-14T07:00Z' },
      { timezone: 'America/New_York', at: '2027-11-07T06:00Z' },
      { timezone: 'Australia/Lord_Howe', at: '2027-04-03T15:00Z' },
      { timezone: 'Australia/Lord_Howe', at: '2027-10-02T15:30Z' },
    )
    const hours = fc.constantFrom('*', '*/2', '1', '2', '1,2', '2-3', '1-3/2', '0-23')
    fc.assert(
      fc.property(field(0, 59), hours, change, (minutes, hour, { timezone, at }) => {
        const expression = `${minutes} ${hour} * * *`
        fc.pre(cronFault(expression, timezone) === undefined)
        const [after, until] = [Date.parse(at) - DAY_MS / 2, Date.parse(at) + DAY_MS / 2]
        const [heard, meant] = [translated, expected].map((slots) =>
          slots(expression, timezone, after, until),
        )
        assert.deepEqual(heard, meant, expression)
      }),
      { numRuns: 300 },
    )
  })

  it('leaves out no hour of a schedule of every hour when clocks change', () => {
    for (const change of ['2026-03-29T00:00:00Z', '2026-10-25T00:00:00Z']) {
      const after = Date.parse(change)
      assert.deepEqual(
        translated('*/15 * * * *', 'Europe/Paris', after),
        expected('*/15 * * * *', 'Europe/Paris', after),
      )
    }
    assert.equal(expressionsOf(cron('0 * * * *', 'Asia/Kolkata'), NOW, NOW)[0]?.timezone, 'Asia/Kolkata')
  })

  it('always fits, however it is written', () => {
    const pairs = (from: number, to: number) => `${from}-${to}/3,${from + 1}-${to}/3`
    const [expression] = said(`${pairs(9, 59)},0,1 ${pairs(0, 23)} ${pairs(1, 31)} ${pairs(1, 12)} *`)
    assert.ok(expression && expression.length <= 256, `${expression?.length}: ${expression}`)
  })
})

describe('a period for EventBridge Scheduler', () => {
  const slots = (seconds: number, after: number, count: number) => {
    const schedule: Schedule = { type: 'period', seconds }
    return merged(
      expressionsOf(schedule, NOW, after).map((one) => firings(one, after, Number.POSITIVE_INFINITY)),
      count,
    )
  }

  it('fires one period after it was set, and then again and again, whatever the period', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 10_000 }), (seconds) => {
        const expected = Array.from({ length: 150 }, (_, index) => NOW + (index + 1) * seconds * 1000)
        assert.deepEqual(slots(seconds, NOW, 150), expected)
      }),
    )
  })

  it('keeps its phase where it is made later, and never begins in the past', () => {
    const period = fc.integer({ min: 60, max: 10_000 })
    fc.assert(
      fc.property(period, fc.integer({ min: 0, max: 40 * DAY_MS }), (seconds, later) => {
        const after = NOW + later
        const [first = 0, second] = slots(seconds, after, 2)
        assert.ok(first > after && first - after <= seconds * 1000)
        assert.deepEqual([(first - NOW) % (seconds * 1000), second], [0, first + seconds * 1000])
        for (const { start = 0 } of expressionsOf({ type: 'period', seconds }, NOW, after))
          assert.ok(start > after)
      }),
    )
  })

  it('begins on a whole second', () => {
    const [one] = expressionsOf({ type: 'period', seconds: 60 }, NOW + 1, NOW + 1)
    assert.deepEqual(one, { expression: 'rate(1 minutes)', start: NOW + 61_000 })
  })
})

const start = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.getTime())

/** Any expression that authors may write, and some that they may not. */
const unixCron = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    field(1, 31),
    field(1, 12, ['jan', 'FEB', 'mar', 'oct', 'Dec']),
    field(0, 7, ['sun', 'MON', 'tue', 'Fri', 'sat']),
  )
  .map((fields) => fields.join(' '))

function field(min: number, max: number, names: string[] = []): fc.Arbitrary<string> {
  const value = fc.oneof(
    { arbitrary: fc.integer({ min, max }).map(String), weight: 3 },
    ...(names.length > 0 ? [{ arbitrary: fc.constantFrom(...names), weight: 1 }] : []),
  )
  const range = fc.tuple(value, value).map((ends) => ends.join('-'))
  const step = fc.integer({ min: 1, max }).map((by) => `/${by}`)
  const stepped = fc.tuple(fc.oneof(fc.constant('*'), range), step).map((parts) => parts.join(''))
  const item = fc.oneof(value, range, stepped)
  const list = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','))
  return fc.oneof({ arbitrary: fc.constant('*'), weight: 2 }, { arbitrary: list, weight: 3 })
}

function translated(
  expression: string,
  timezone: string,
  after: number,
  until = after + HORIZON_MS,
): number[] {
  const clocks = expressionsOf(cron(expression, timezone), NOW, NOW)
  const all = clocks.map((one) => firings(one, after, until))
  return merged(all, MOST, (at) => isCronSlot(expression, timezone, at))
}

function expected(expression: string, timezone: string, after: number, until = after + HORIZON_MS): number[] {
  const slots: number[] = []
  for (let at: number | undefined = after; slots.length < MOST; slots.push(at)) {
    at = nextCronSlot(expression, timezone, at)
    if (at === undefined || at > until) break
  }
  return slots
}

/** Several sequences as one, in order, without doubles. */
function merged(
  sequences: Generator<number>[],
  count: number,
  isMeant: (at: number) => boolean = () => true,
): number[] {
  const next = (sequence: Generator<number>): number => sequence.next().value ?? Number.POSITIVE_INFINITY
  const heads = sequences.map((sequence) => ({ sequence, at: next(sequence) }))
  const slots: number[] = []
  while (slots.length < count) {
    const at = Math.min(...heads.map((head) => head.at))
    if (at === Number.POSITIVE_INFINITY) break
    for (const head of heads) if (head.at === at) head.at = next(head.sequence)
    if (isMeant(at)) slots.push(at)
  }
  return slots
}
