import { run } from './run.ts'

/** A reader that has had enough, such as `head`, is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

await run(process.argv.slice(2))
