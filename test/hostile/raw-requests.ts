import fc, { type Arbitrary } from 'fast-check'

/** A request that nobody but an attacker has framed: it must never be taken for one. */
export const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n'
const CHUNKED = `0\r\n\r\n${SMUGGLED}`
const LENGTH = SMUGGLED.length

/** Ways to say how long a body is that two servers may read differently; the smuggled request stands where they differ. */
export const AMBIGUOUS: Readonly<Record<string, string>> = {
  'a length and chunks': head('Content-Length: 4', 'Transfer-Encoding: chunked') + CHUNKED,
  'chunks and a length': head('Transfer-Encoding: chunked', `Content-Length: ${LENGTH + 5}`) + CHUNKED,
  'two lengths': head('Content-Length: 0', `Content-Length: ${LENGTH}`) + SMUGGLED,
  'two lengths in one': head(`Content-Length: 0, ${LENGTH}`) + SMUGGLED,
  'a length with a sign': head(`Content-Length: +${LENGTH}`) + SMUGGLED,
  'a negative length': head('Content-Length: -1') + SMUGGLED,
  'a length in hex': head('Content-Length: 0x10') + SMUGGLED,
  'a length that overflows': head('Content-Length: 18446744073709551616') + SMUGGLED,
  'a length with a tab inside': head('Content-Length: 1\t0') + SMUGGLED,
  'an empty length': head('Content-Length:') + SMUGGLED,
  'a space before the colon': head(`Content-Length : ${LENGTH}`) + SMUGGLED,
  'a space before the name': head(` Transfer-Encoding: chunked`) + CHUNKED,
  'a folded length': head(`Content-Length:\r\n ${LENGTH}`) + SMUGGLED,
  'a folded header that hides a length': head('X-A: 1', ` Content-Length: ${LENGTH}`) + SMUGGLED,
  'an unknown coding': head('Transfer-Encoding: identity') + SMUGGLED,
  'a coding before chunked': head('Transfer-Encoding: gzip, chunked') + CHUNKED,
  'a coding after chunked': head('Transfer-Encoding: chunked, identity') + CHUNKED,
  'chunked twice': head('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + CHUNKED,
  'chunked and another coding': head('Transfer-Encoding: chunked', 'Transfer-Encoding: x') + CHUNKED,
  'a disguised coding': head('Transfer-Encoding: xchunked') + CHUNKED,
  'a coding with a vertical tab': head('Transfer-Encoding:\u000bchunked') + CHUNKED,
  'a coding in quotes': head('Transfer-Encoding: "chunked"') + CHUNKED,
  'a NUL in a header': head('X-A: a\0b', `Content-Length: ${LENGTH}`) + SMUGGLED,
  'a carriage return in a header': head(`X-A: a\rContent-Length: ${LENGTH}`) + SMUGGLED,
  'a line feed in a header': head(`X-A: a\nContent-Length: ${LENGTH}`) + SMUGGLED,
  'line feeds alone': head('Content-Length: 0').replaceAll('\r\n', '\n') + SMUGGLED,
  'a chunk that is no number': `${head('Transfer-Encoding: chunked')}g\r\n\r\n${SMUGGLED}`,
  'a chunk with a sign': `${head('Transfer-Encoding: chunked')}+0\r\n\r\n${SMUGGLED}`,
  'a chunk in a form of its own': `${head('Transfer-Encoding: chunked')}0x0\r\n\r\n${SMUGGLED}`,
  'a chunk that overflows': `${head('Transfer-Encoding: chunked')}fffffffffffffffff\r\n${SMUGGLED}`,
  'a line feed behind a chunk’s size': `${head('Transfer-Encoding: chunked')}0\n\n${SMUGGLED}`,
  'a line feed in a chunk’s extension': `${head('Transfer-Encoding: chunked')}0;a\n\r\n${SMUGGLED}`,
  'a chunk longer than it says': `${head('Transfer-Encoding: chunked')}1\r\nab\r\n0\r\n\r\n${SMUGGLED}`,
}

function head(...headers: string[]): string {
  return ['POST /first HTTP/1.1', 'Host: $HOST', ...headers, '', ''].join('\r\n')
}

const LINES = [
  ...['GET /a HTTP/1.1', 'POST /a HTTP/1.1', 'HEAD /a HTTP/1.1', 'PUT /a HTTP/1.1', 'OPTIONS * HTTP/1.1'],
  ...[
    'GET http://evil.example/a HTTP/1.1',
    'GET http://u:p@$HOST/a HTTP/1.1',
    'GET //evil.example/a HTTP/1.1',
  ],
  ...['CONNECT evil.example:443 HTTP/1.1', 'PRI * HTTP/2.0', 'GET /a HTTP/0.9', 'GET /a HTTP/3.0', 'GET /a'],
  ...[
    'GET /a\tHTTP/1.1',
    'GET  /a HTTP/1.1',
    ' GET /a HTTP/1.1',
    'GET /a b HTTP/1.1',
    'G\0T /a HTTP/1.1',
    '',
  ],
  ...['GET /a#b HTTP/1.1', 'GET a HTTP/1.1', 'GET ?a HTTP/1.1', 'GET /\u00ff HTTP/1.1', 'get /a http/1.1'],
  ...[`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'GET /a%0d%0aset-cookie:%20a=1 HTTP/1.1', 'TRACE /a HTTP/1.1'],
]
const HEADERS = [
  ...[
    'Host: $HOST',
    'Host: $HOST',
    'Host: evil.example',
    'Host:',
    'Host: $HOST, evil.example',
    'host: $HOST:1',
  ],
  ...['Content-Length: 0', 'Content-Length: 5', `Content-Length: ${LENGTH}`, 'Content-Length: 99999999999'],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: Chunked', 'Transfer-Encoding: gzip', 'TE: trailers'],
  ...[
    'Connection: close',
    'Connection: keep-alive, host',
    'Connection: upgrade',
    'Connection: content-length',
  ],
  ...[
    'Upgrade: websocket',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
    'Expect: 100-continue',
    'Expect: x',
  ],
  ...['Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13', 'Trailer: Host', 'X-Forwarded-Host: evil.example'],
  ...['Range: bytes=0-0', `Cookie: ${'a'.repeat(9_000)}`, ': empty', 'no colon', '\0: a', 'X: \u0001'],
  ...[
    'X-A: a\rb',
    'X-A: a\nb',
    ' folded: a',
    'X\tA: a',
    'Sluice-Version: 1\r\nSluice-Version: 2',
    'Authorization: Bearer x',
  ],
]
const BODIES = [
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n',
  '\r\n\r\n',
  '\0\0',
]

/** Bytes that begin like a request; many are none. `$HOST` is to be replaced by one that is served. */
export const rawRequest: Arbitrary<string> = fc
  .record({
    line: fc.constantFrom(...LINES),
    headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 6 }),
    body: fc.constantFrom(...BODIES, SMUGGLED),
    /** Where it ends early, and what is changed of it. */
    cut: fc.option(fc.nat(400), { nil: undefined, freq: 4 }),
    noise: fc.option(fc.tuple(fc.nat(200), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })), {
      nil: undefined,
      freq: 3,
    }),
  })
  .map(({ line, headers, body, cut, noise }) => {
    const whole = `${line}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n${body}`
    const [place = 0, junk = ''] = noise ?? []
    return `${whole.slice(0, place)}${junk}${whole.slice(place)}`.slice(0, cut)
  })
