import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { AuthorProcess } from './child/author-process.ts'
import type { FromChild, ToChild } from './ipc.ts'

/** The process that runs the author's code: it does what the supervisor says, and does not outlive it. */

const author = new AuthorProcess({
  loader: dirname(realpathSync(process.argv[1] ?? '')),
  send: (message: FromChild, sent?: () => void) => process.send?.(message, undefined, undefined, sent),
  exit: (code) => process.exit(code),
  setVariables: (variables) => Object.assign(process.env, variables),
})
process.on('message', (message: ToChild) => author.heard(message))
process.on('disconnect', () => process.exit())
// Ctrl-C in the terminal of a local control plane reaches its containers too, which outlive it.
process.on('SIGINT', () => undefined)
