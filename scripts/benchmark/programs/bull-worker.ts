import { bullmq } from '../peers/packages.ts'

const [port, concurrency] = process.argv.slice(2).map(Number)
const { Worker } = bullmq()
const worker = new Worker('echo', async ({ data }) => data, {
  connection: { host: '127.0.0.1', port: port ?? 0 },
  concurrency: concurrency ?? 1,
})
await worker.waitUntilReady()
console.log('ready')
process.once('SIGTERM', () => worker.close().then(() => process.exit()))
