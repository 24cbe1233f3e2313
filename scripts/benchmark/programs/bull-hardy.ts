import { existsSync, writeFileSync } from 'node:fs'
import { bullmq } from '../peers/packages.ts'

/** A worker whose first attempt at a job leaves its process behind and never ends; the next one returns when it began. */
const { Worker } = bullmq()
const worker = new Worker<{ file: string }>(
  'hardy',
  async ({ data: { file } }) => {
    if (existsSync(file)) return Date.now()
    writeFileSync(file, String(process.pid))
    return new Promise(() => undefined)
  },
  { connection: { host: '127.0.0.1', port: Number(process.argv[2]) }, concurrency: 1 },
)
await worker.waitUntilReady()
console.log('ready')
process.once('SIGTERM', () => process.exit())
