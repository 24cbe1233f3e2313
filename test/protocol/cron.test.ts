import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cronFault, lastCronSlots, nextCronSlot } from '../../protocol/cron.ts'

const DAY = 86_400_000

/** The next slots, written as local times of the zone would be in UTC. */
function slots(expression: string, timezone: string, from: string, count: number): string[] {
  const found: string[] = []
  let after = Date.parse(from)
  while (found.length < count) {
    after = nextCronSlot(expression, timezone, after) ?? Number.NaN
    found.push(new Date(after).toISOString().slice(0, 16))
  }
  return found
}

describe('the fields of a cron expression', () => {
  const FAULTS: [expression: string, said: RegExp][] = [
    ['0 6 * *', /^must have five fields .* but is "0 6 \* \*"$/],
    ['0 0 6 * * *', /^must have five fields/],
    ['@daily', /^must have five fields/],
    ['60 * * * *', /^has "60" as its minute: "60" must be a number from 0 to 59$/],
    ['0 24 * * *', /as its hour: "24" must be a number from 0 to 23$/],
    ['0 0 0 * *', /as its day of the month: "0" must be a number from 1 to 31$/],
    ['0 0 1 13 *', /as its month: "13" must be a number from 1 to 12, or one of jan, feb/],
    ['0 0 * * 8', /as its day of the week: "8" must be a number from 0 to 7, or one of sun, mon/],
    ['0,,5 * * * *', /"" must be a number/],
    ['9-5 * * * *', /"9-5" ends before it begins$/],
    ['1-2-3 * * * *', /"1-2-3" is not a range$/],
    ['*/0 * * * *', /the step "0" must be a number from 1 to 59$/],
    ['5/15 * * * *', /a step goes with "\*" or a range, such as "\*\/15" or "5-59\/15"$/],
    ['0 0 L * *', /"L" must be a number from 1 to 31$/],
    ['0 0 * * mon#2', /"mon#2" must be a number/],
    ['? * * * *', /"\?" must be a number/],
    ['0 0 31 2,4 *', /^never comes: "0 0 31 2,4 \*" names a day that none of its months has$/],
  ]
  for (const [expression, said] of FAULTS) {
    test(`"${expression}" is refused in words`, () => {
      assert.match(cronFault(expression, 'UTC') ?? 'no fault', said)
    })
  }

  const VALID = [
    '* * * * *',
    '*/5 0-6/2,12 1,15 jan-MAR,12 Mon-fri',
    '0 0 29 2 *',
    ' 0  6 * * 7 ',
    '0 0 * * fri-sun',
  ]
  for (const expression of VALID) {
    test(`"${expression}" is valid`, () => assert.equal(cronFault(expression, 'UTC'), undefined))
  }
})

describe('the time zone of a cron expression', () => {
  const fault = (timezone: string) => cronFault('0 6 * * *', timezone)

  test('any name of the IANA database is valid, also an older one', () => {
    for (const zone of ['UTC', 'Europe/Paris', 'Asia/Kolkata', 'US/Pacific'])
      assert.equal(fault(zone), undefined)
  })

  test('an unknown one is refused with the nearest', () => {
    assert.match(
      fault('Europe/Pariss') ?? '',
      /^has the time zone "Europe\/Pariss".* did you mean "Europe\/Paris"\?$/,
    )
    assert.match(fault('europe/paris') ?? '', /did you mean "Europe\/Paris"\?$/)
    assert.match(fault('paris') ?? '', /did you mean "Europe\/Paris"\?$/)
    assert.match(fault('+01:00') ?? '', /write one such as "Europe\/Paris"$/)
  })
})

describe('the slots of a cron expression', () => {
  test('either day field is enough where both are restricted, as in Unix cron', () => {
    assert.deepEqual(slots('0 0 13 * fri', 'UTC', '2026-01-01T00:00Z', 4), [
      '2026-01-02T00:00',
      '2026-01-09T00:00',
      '2026-01-13T00:00',
      '2026-01-16T00:00',
    ])
  })

  test('a day field that begins with "*" restricts beside the other one, as in Unix cron', () => {
    assert.deepEqual(slots('0 0 */10 * fri', 'UTC', '2026-01-01T00:00Z', 2), [
      '2026-05-01T00:00',
      '2026-07-31T00:00',
    ])
  })

  test('a time that the clock leaps over comes at the end of the leap', () => {
    const paris = slots('30 2 * * *', 'Europe/Paris', '2026-03-28T02:00Z', 2)
    assert.deepEqual(paris, ['2026-03-29T01:00', '2026-03-30T00:30'])
  })

  test('a time that the clock repeats comes once, whether its hour stands alone or in a list', () => {
    const once = ['2026-10-25T00:30', '2026-10-26T01:30']
    assert.deepEqual(slots('30 2 * * *', 'Europe/Paris', '2026-10-24T02:00Z', 2), once)
    assert.deepEqual(slots('30 2,3 * * *', 'Europe/Paris', '2026-10-24T22:00Z', 2), [
      once[0],
      '2026-10-25T02:30',
    ])
  })

  test('what comes every hour goes on by the hour while the clock changes', () => {
    assert.deepEqual(slots('30 * * * *', 'Europe/Paris', '2026-10-24T23:45Z', 3), [
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-25T02:30',
    ])
  })

  test('the last slot is the one at the very time, the next one is later', () => {
    const noon = Date.parse('2026-01-01T12:00Z')
    assert.deepEqual(lastCronSlots('0 12 * * *', 'UTC', noon, 1), [noon])
    assert.deepEqual(lastCronSlots('0 12 * * *', 'UTC', noon - 1, 2), [noon - 2 * DAY, noon - DAY])
    assert.equal(nextCronSlot('0 12 * * *', 'UTC', noon), noon + DAY)
    assert.equal(nextCronSlot('0 12 * * *', 'UTC', noon - 1), noon)
  })

  test('what is found without fault has slots, and each slot is in the fields', () => {
    const field = (min: number, max: number) => {
      const value = fc.integer({ min, max })
      const range = fc.tuple(value, value).map((ends) => ends.sort((a, b) => a - b).join('-'))
      const step = fc.integer({ min: 1, max: Math.max(1, max - 1) })
      const stepped = fc.tuple(fc.oneof(fc.constant('*'), range), step).map((parts) => parts.join('/'))
      return fc.array(fc.oneof(value.map(String), range, stepped), { minLength: 1, maxLength: 3 }).map(String)
    }
    const expression = fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
    fc.assert(
      fc.property(
        expression,
        fc.integer({ min: 0, max: 2e12 }),
        ([minute, hour, day, month, weekday], after) => {
          assert.equal(cronFault([minute, hour, day, month, weekday].join(' '), 'UTC'), undefined)
          const slot = nextCronSlot(`${minute} ${hour} * ${month} *`, 'UTC', after) ?? Number.NaN
          assert.ok(slot > after)
          const at = new Date(slot)
          assert.ok(
            holds(minute, at.getUTCMinutes(), 0) && holds(hour, at.getUTCHours(), 0),
            at.toISOString(),
          )
          assert.ok(holds(month, at.getUTCMonth() + 1, 1), at.toISOString())
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** Whether a field written in numbers holds for a value, by the plainest reading of cron(5). */
function holds(field: string, value: number, min: number): boolean {
  return field.split(',').some((item) => {
    const [range = '', step = '1'] = item.split('/')
    const [from = min, to = from] = range === '*' ? [min, 99] : range.split('-').map(Number)
    return value >= from && value <= to && (value - from) % Number(step) === 0
  })
}
