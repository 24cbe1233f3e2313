import assert from 'node:assert/strict'
import { writeSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { LogQuery } from '../../control/log-port.ts'
import type { Ports } from '../../control/ports.ts'
import { issueToken, revokeToken } from '../../control/tokens.ts'
import { makeLogsHandler } from '../../lambdas/handlers/logs.ts'
import type { LogLine } from '../../protocol/log-line.ts'
import { deployApp } from './apps.ts'
import { refuse } from './client.ts'
import { eventFor } from './event.ts'
import { type Installation, install } from './installation.ts'

const LINE = { source: 'stdout', env: 'main', app: 'shop', function: 'work', version: 1 } as const

let installation: Installation
before(async () => {
  installation = await install()
  await deployApp(installation, 'shop')
})
after(() => installation.close())

const path = '/v1/apps/shop/logs'
const authorization = () => ({ authorization: `Bearer ${installation.token}` })

test('lines are answered as NDJSON, the oldest of the last ones first', async () => {
  const log = installation.openLog('co-1')
  for (const second of [1, 2, 3]) writeLine(log, second)
  const response = await fetch(`${installation.url}${path}?tail=2&source=stdout`, {
    headers: authorization(),
  })
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson')
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).line)
  assert.deepEqual(lines, ['line 2', 'line 3'])
})

test('whoever follows gets each line when it is written', async () => {
  const log = installation.openLog('co-2')
  writeLine(log, 10)
  const response = await fetch(`${installation.url}${path}?follow=true&container=co-2`, {
    headers: authorization(),
  })
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.match((await pieces?.read())?.value ?? '', /line 10/)
  writeLine(log, 11)
  assert.match((await pieces?.read())?.value ?? '', /line 11/)
  await pieces?.cancel()
})

test('the read ends when whoever follows goes away, though no further line comes', async () => {
  const reads = watchReads(installation.ports)
  const gone = new AbortController()
  const response = await fetch(`${installation.url}${path}?follow=true`, {
    headers: authorization(),
    signal: gone.signal,
  })
  assert.equal(response.status, 200)
  gone.abort()
  assert.equal(await reads.ended, 'aborted')
})

test('nothing is read before the answer is', async () => {
  const happened: string[] = []
  const logs = {
    async *read(query: LogQuery) {
      happened.push(`read ${query.app}`)
      yield { ...LINE, at: '', container: 'co-1', line: 'only' }
    },
  }
  const handler = makeLogsHandler({ ...installation.ports, logs })
  const { body } = await handler(eventFor('logs', { params: { app: 'shop' }, token: installation.token }))
  happened.push('answered')
  assert.ok(typeof body === 'object')
  for await (const line of body) happened.push(JSON.parse(line).line)
  assert.deepEqual(happened, ['answered', 'read shop', 'only'])
})

test('logs of an app that does not exist are refused before anything is streamed', async () => {
  const problem = await refuse(installation, 'logs', { params: { app: 'nobody' }, query: { follow: 'true' } })
  assert.equal(problem.code, 'app_not_found')
})

test('a time span that ends before it begins is refused by name', async () => {
  const query = { since: '2026-01-31T06:00:00Z', until: '2026-01-31T05:00:00Z' }
  const { code, errors } = await refuse(installation, 'logs', { params: { app: 'shop' }, query })
  assert.deepEqual(
    [code, errors],
    ['invalid_request', [{ path: 'query.until', message: 'must not be before since' }]],
  )
})

function writeLine(log: number, second: number): void {
  const at = new Date(second * 1000).toISOString()
  const line: LogLine = { ...LINE, at, container: 'co-1', line: `line ${second}` }
  writeSync(log, `${JSON.stringify(line)}\n`)
}

/** Sees the signal that the port is given, and when it aborts. */
function watchReads(ports: Ports): { ended: Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>()
  const { logs } = ports
  ports.logs = {
    ...logs,
    read: (query, signal) => {
      signal?.addEventListener('abort', () => resolve('aborted'))
      ports.logs = logs
      return logs.read(query, signal)
    },
  }
  return { ended: promise }
}

test('a log that is followed ends soon after the token that was sent for it', async () => {
  const { ports } = installation
  const { id } = await issueToken(ports, { name: 'follower', role: 'viewer', by: 'ada' }, 'slu_follower')
  const time = { now: ports.clock.now() }
  const written = [0, 9_000, 11_000, 20_000, 22_000]
  const logs = {
    ...ports.logs,
    async *read() {
      for (const after of written) {
        time.now = ports.clock.now() + after
        if (after === 20_000) await revokeToken(ports, id, 'ada')
        yield { ...LINE, at: '', container: 'co-1', line: `after ${after}` }
      }
    },
  }
  const handler = makeLogsHandler({ ...ports, logs, clock: { now: () => time.now } })
  const { body } = await handler(eventFor('logs', { params: { app: 'shop' }, token: 'slu_follower' }))
  const lines: string[] = []
  for await (const text of body as AsyncIterable<string>) lines.push(JSON.parse(text).line)
  assert.deepEqual(lines, ['after 0', 'after 9000', 'after 11000', 'after 20000'])
})
