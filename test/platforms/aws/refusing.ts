import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

interface Answer {
  status: number
  /** Of an exception of the service. */
  code?: string
  message?: string
  body?: unknown
}

/** The endpoint of a service of AWS that answers all requests like this; those of a method otherwise, where it is given. */
export async function refusing(t: TestContext, answer: Answer & { GET?: Answer }): Promise<string> {
  const server = createServer((request, response) => {
    const {
      status,
      code,
      message = 'in the words of AWS',
      body = {},
    } = (request.method === 'GET' && answer.GET) || answer
    request.resume()
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(code !== undefined && { 'x-amzn-errortype': code }),
    })
    response.end(JSON.stringify(code === undefined ? body : { __type: code, message }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
