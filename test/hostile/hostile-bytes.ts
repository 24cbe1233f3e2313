import fc, { type Arbitrary } from 'fast-check'

const DEPTH = 20_000
const INVALID_UTF8 = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98], [0x80], [0xfe, 0xff]]

/** Whole bodies that are no object, or no JSON. */
const BODIES = [
  ...[
    '',
    ' ',
    '\n',
    'null',
    'true',
    '0',
    '""',
    '[]',
    '[{}]',
    '{',
    '}',
    '{}{}',
    '{"a":1,}',
    "{'a':1}",
    '{a:1}',
  ],
  ...[
    'NaN',
    '-Infinity',
    '01',
    '+1',
    '1.',
    '.5',
    '0x10',
    '"\t"',
    '"\\u12"',
    '/**/{}',
    '{}//',
    '\ufeff{}',
    '\0',
  ],
  ...[
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    'app=shop&env=main',
    '<a/>',
  ],
  ...[`${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`, '{"a":'.repeat(DEPTH), `[${'1e999,'.repeat(100)}0]`],
]

type Corruption = (body: Buffer, place: number) => Buffer

const CORRUPTIONS: Corruption[] = [
  (body, place) => body.subarray(0, place % (body.length + 1)),
  (body, place) => inserted(body, place, Buffer.from(INVALID_UTF8[place % INVALID_UTF8.length] ?? [])),
  (body, place) => inserted(body, place, Buffer.from([place % 256])),
  (body) => Buffer.concat([Buffer.from('\ufeff'), body]),
  (body) => Buffer.concat([body, body]),
  (body) => Buffer.from(body.toString('utf8'), 'utf16le'),
  (body) => replaced(body, /"[\w-]+":/, (key) => `${key}null,${key}`),
  (body) => replaced(body, /\{/, () => '{"__proto__":{"admin":true},'),
  (body) => replaced(body, /\d+/, () => '1e999'),
  (body) => replaced(body, /\d+/, () => '-0.0000000000000000000000000001'),
  (body) => replaced(body, /"([^"]*)"/, () => '"\\ud800"'),
  (body) => replaced(body, /:"[^"]*"/, () => `:${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`),
]

export const hostileBody: Arbitrary<Buffer> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BODIES).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)) },
)

/** JSON that was damaged on its way. */
export function corrupted(json: Arbitrary<Buffer>): Arbitrary<Buffer> {
  return fc
    .tuple(json, fc.constantFrom(...CORRUPTIONS), fc.nat(100_000))
    .map(([body, corrupt, place]) => corrupt(body, place))
}

function inserted(body: Buffer, place: number, bytes: Buffer): Buffer {
  const at = place % (body.length + 1)
  return Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)])
}

function replaced(body: Buffer, pattern: RegExp, replacement: (found: string) => string): Buffer {
  return Buffer.from(body.toString('latin1').replace(pattern, replacement), 'latin1')
}
