import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The least that a call can be: JSON in, the same JSON out, nobody asked and nothing written down. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { args } = JSON.parse(Buffer.concat(chunks).toString())
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ result: args[0] }))
  })
})
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
