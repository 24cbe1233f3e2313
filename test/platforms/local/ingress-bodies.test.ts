import assert from 'node:assert/strict'
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { begin, RawClient, send } from '../../fixtures/http-client.ts'
import { HOST, localIngress } from '../../fixtures/local-ingress.ts'
import { textOf } from '../../fixtures/web-container.ts'

const CHUNK = Buffer.alloc(65_536, 'sluice')
const HUNDRED_MB = 1_600
/** Without a byte taken for so long, nobody reads. */
const STALL_MS = 100
/** What kernel and streams may hold between the two ends while nobody reads. */
const MOST_BUFFERED = 24 * 1_048_576

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

describe('A body that crosses the ingress', () => {
  it('may be 100 MB in both directions at once, in little memory', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt((received, response) => pipeline(received, response))
    const sent = request({ ...address, method: 'POST', headers: { host: HOST }, agent: false })
    const [sentHash, receivedHash] = [createHash('sha1'), createHash('sha1')]
    const before = held()
    const samples: number[] = []

    const upload = pipeline(
      chunks(HUNDRED_MB, sentHash, () => samples.push(held() - before)),
      sent,
    )
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    await Promise.all([upload, pipeline(response, receivedHash)])

    assert.equal(receivedHash.digest('hex'), sentHash.digest('hex'))
    // A collection that is under way blurs single samples; what piled up would be in all the later ones.
    const leastOfLater = Math.min(...samples.slice(5))
    assert.ok(leastOfLater < MOST_BUFFERED, `${leastOfLater} bytes were held`)
  })

  it('makes a container wait for a client that does not read', async (t) => {
    const { address, pointAt } = await localIngress(t)
    const stalled = Promise.withResolvers<number>()
    await pointAt((_, response) => writeUntilStalled(response, stalled.resolve))
    const response = await begin(address, HOST)
    const written = await stalled.promise
    assert.ok(written < MOST_BUFFERED, `${written} bytes went ahead`)
    assert.equal((await textOf(response)).length, written)
  })

  it('makes a client wait for a container that does not read', async (t) => {
    const { address, pointAt } = await localIngress(t)
    const stalled = Promise.withResolvers<number>()
    await pointAt(async (received, response) => {
      await stalled.promise
      response.end(String((await textOf(received)).length))
    })
    const sent = request({ ...address, method: 'POST', headers: { host: HOST }, agent: false })
    writeUntilStalled(sent, stalled.resolve)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const written = await stalled.promise
    assert.ok(written < MOST_BUFFERED, `${written} bytes went ahead`)
    assert.equal(await textOf(response), String(written))
  })

  it('comes as it is made: each event of a stream before the next exists', async (t) => {
    const { address, pointAt } = await localIngress(t)
    const { promise: opened, resolve } = Promise.withResolvers<ServerResponse>()
    await pointAt((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      resolve(response)
    })
    const response = await begin(address, HOST)
    assert.equal(response.headers['content-type'], 'text/event-stream')
    const events = await opened
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      events.write(event)
      const [chunk] = await once(response, 'data')
      assert.equal(String(chunk), event)
    }
    events.end()
    await once(response, 'end')
  })

  it('keeps its framing: a length stays a length, chunks stay chunks, nothing stays nothing', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt(async (received, response) => {
      const framing = [received.headers['content-length'], received.headers['transfer-encoding']]
      response.end(JSON.stringify([...framing, await textOf(received)]))
    })
    const framingOf = async (headers: Record<string, string>, body?: string, method = 'POST') =>
      JSON.parse((await send(address, HOST, { method, headers, body })).body)

    assert.deepEqual(await framingOf({ 'content-length': '3' }, 'abc'), ['3', null, 'abc'])
    assert.deepEqual(await framingOf({ 'transfer-encoding': 'chunked' }, 'abc'), [null, 'chunked', 'abc'])
    assert.deepEqual(await framingOf({ 'content-length': '0' }), ['0', null, ''])
    assert.deepEqual(await framingOf({ 'content-length': '3' }, 'abc', 'GET'), ['3', null, 'abc'])
    assert.deepEqual(await framingOf({}, undefined, 'GET'), [null, null, ''])
  })

  it('is absent where the answer may have none, and its length is still told', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt(({ url }, response) => {
      if (url === '/204') response.writeHead(204).end()
      else if (url === '/304') response.writeHead(304, { etag: '"1"' }).end()
      else response.writeHead(200, { 'content-length': 5 }).end('hello')
    })
    const client = await RawClient.connect(address)
    const host = `Host: ${HOST}`
    client.say('HEAD / HTTP/1.1', host, '', 'GET /204 HTTP/1.1', host, '', 'GET /304 HTTP/1.1', host, '')
    client.say('GET / HTTP/1.1', host, 'Connection: close', '')
    await client.closed
    const [head = '', none = '', unchanged = '', full = ''] = client.received.split('HTTP/1.1 ').slice(1)
    assert.match(head, /^200 .*content-length: 5\r\n.*\r\n\r\n$/s)
    assert.match(none, /^204 .*\r\n\r\n$/s)
    assert.match(unchanged, /^304 .*etag: "1"\r\n.*\r\n\r\n$/s)
    assert.match(full, /^200 .*\r\n\r\nhello$/s)
    assert.doesNotMatch(head + none + unchanged, /transfer-encoding/i)
  })
})

/** The same piece over and over; every tenth of the way calls `onTenth`. */
function chunks(count: number, hash: Hash, onTenth: () => void): Readable {
  return Readable.from(
    (function* () {
      for (let made = 0; made < count; made += 1) {
        if (made % (count / 10) === 0) onTenth()
        hash.update(CHUNK)
        yield CHUNK
      }
    })(),
  )
}

/** Bytes in buffers that somebody still needs. */
function held(): number {
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

/** Writes for as long as the reader takes it, and ends when it has taken nothing for a while; tells how much went. */
function writeUntilStalled(writer: Writable, onStalled: (bytes: number) => void): void {
  let bytes = 0
  const write = () => {
    clearTimeout(stall)
    do bytes += CHUNK.length
    while (writer.write(CHUNK))
    stall = setTimeout(() => {
      writer.off('drain', write).end()
      onStalled(bytes)
    }, STALL_MS)
  }
  let stall: NodeJS.Timeout | undefined
  writer.on('drain', write)
  write()
}
