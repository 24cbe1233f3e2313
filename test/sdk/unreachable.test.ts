import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { request } from '../../protocol/http.ts'
import { UnreachableError } from '../../sdk/errors.ts'

test('nobody is told that Sluice does not run where it may have acted on what was asked for', async (t) => {
  assert.match(await said(t, () => undefined, 1), /did not answer in time\. It may have done/)
  assert.match(
    await said(t, ({ socket }) => socket.destroy()),
    /broke off before it answered\. It may have done/,
  )
})

test('where nothing can have arrived, whoever asked is told how to start it', () => {
  // What the system says of hosts that answer to nothing, and of ports that nobody listens on.
  for (const code of ['ETIMEDOUT', 'ECONNREFUSED']) {
    const cause = Object.assign(new Error(code), { code, syscall: 'connect' })
    assert.match(new UnreachableError('http://sluice.test', cause).message, /is not running .* "sluice up"/)
  }
})

async function said(t: TestContext, answer: RequestListener, timeoutMs?: number): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const exchange = { method: 'POST', url, ...(timeoutMs !== undefined && { timeoutMs }) }
  const cause = await request(exchange).catch((error: unknown) => error)
  return new UnreachableError(url, cause).message
}
