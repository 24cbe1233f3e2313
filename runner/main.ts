import { join } from 'node:path'
import { fromVariables } from '../protocol/environment.ts'
import { runContainer } from './container.ts'

/** The first process of every container: it supervises the one that runs the author's code. */

const leaving = new AbortController()
process.on('SIGTERM', () => leaving.abort())
// Ctrl-C in the terminal of a local control plane reaches its containers too, which outlive it.
process.on('SIGINT', () => undefined)
// The log may be a pipe whose reader has gone; the work goes on.
process.stdout.on('error', () => undefined)

runContainer({
  environment: fromVariables(process.env),
  inherited: process.env,
  childFile: join(__dirname, 'child.cjs'),
  leaving: leaving.signal,
  write: (text) => process.stdout.write(text),
  complain: (text) => console.error(text),
}).then((code) => process.exit(code))
