// An app of two versions' length: what people put behind nginx, kamal-proxy or pm2. JavaScript, since pm2 takes other files
// for another interpreter's.
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const { PORT = '0', VERSION = '0', MOST_MS = '0' } = process.env

const server = createServer(async (request, response) => {
  request.resume()
  await pause(Math.random() * Number(MOST_MS))
  response.end(VERSION)
})
server.keepAliveTimeout = 75_000
server.listen(Number(PORT), '127.0.0.1', () => console.log(server.address().port))
// Node.js closes idle connections by itself, and lets what is in flight end.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close(() => process.exit()))
