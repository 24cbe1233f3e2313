import fc, { type Arbitrary } from 'fast-check'

/** Texts that have broken something somewhere: paths, queries, templates, markup, and what Unicode has for surprises. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\t',
    '.',
    '..',
    '../../../etc/passwd',
    '/etc/passwd',
    '..\\..\\boot.ini',
    'C:\\nul',
    'CON',
    '~root',
  ],
  ...['%2e%2e%2f', '%00', '%', '%s%n', 'a\0b', 'a\r\nset-cookie: a=1', 'a\nb', '\u001b[2J', '\u0007'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length'],
  ...['null', 'undefined', 'NaN', 'true', '-1', '0', '1.5', '0x10', '1e309', '9007199254740993', '١٢٣'],
  ...[
    "' OR 1=1 --",
    '"; DROP TABLE apps; --',
    '_%',
    '*',
    '$ne',
    '{"$gt":""}',
    '#{7*7}',
    '{{7*7}}',
    '$(id)',
    '`id`',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    'javascript:alert(1)',
    'http://169.254.169.254/',
  ],
  ...[
    '\ud800',
    '\udc00x',
    '\ufeff',
    '\u202eabc',
    '\u2028',
    'e\u0301',
    'İ',
    'ß',
    'ﷺ',
    '😀',
    '\uffff',
    '\u{10ffff}',
  ],
  ...['x'.repeat(64), 'x'.repeat(65), 'x'.repeat(257), 'x'.repeat(501), '😀'.repeat(51), 'é'.repeat(1_000)],
]

export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
)

const NUMBERS = [0, -0, -1, 1, 0.1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1.7e308, 5e-324]

export const hostileValue: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((count) => Array(count).fill('x')) },
)

interface Mutation {
  how: 'replace' | 'remove' | 'add' | 'rename' | 'wrap' | 'repeat'
  /** Which of the places in the value. */
  place: number
  value: unknown
  name: string
}

const mutation: Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'rename', 'wrap', 'repeat'),
  place: fc.nat(10_000),
  value: hostileValue,
  name: hostileText,
})

/** What was a fitting value, changed in one place or a few. */
export function mutated(fitting: Arbitrary<unknown>): Arbitrary<unknown> {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 })
  return fc.tuple(fitting, mutations).map(([value, changes]) => {
    const holder = { root: copyOf(value) }
    for (const change of changes) apply({ ...change, value: copyOf(change.value) }, holder)
    return holder.root
  })
}

type Holder = Record<string, unknown>

function apply({ how, place, value, name }: Mutation, root: { root: unknown }): void {
  const places = placesIn(root as Holder)
  const { holder, key } = places[place % places.length] ?? { holder: root as Holder, key: 'root' }
  const old = holder[key]
  if (how === 'remove' && holder !== root) {
    delete holder[key]
  } else if (how === 'add' && isHolder(old) && !Array.isArray(old)) {
    define(old, name, value)
  } else if (how === 'rename' && holder !== root && !Array.isArray(holder)) {
    delete holder[key]
    define(holder, name, old)
  } else if (how === 'wrap') {
    holder[key] = [old]
  } else if (how === 'repeat' && Array.isArray(old)) {
    old.push(...old.slice(0, 50))
  } else {
    holder[key] = value
  }
}

/** Also what every object inherits becomes a property of its own, as JSON.parse makes it. */
function define(holder: Holder, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
}

function placesIn(holder: Holder): { holder: Holder; key: string }[] {
  return Object.keys(holder).flatMap((key) => {
    const inner = holder[key]
    return [{ holder, key }, ...(isHolder(inner) ? placesIn(inner) : [])]
  })
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null
const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')
