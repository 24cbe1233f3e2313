import type { CallError } from '../protocol/calls.ts'
import type { ChildExit } from './child-process.ts'

/** Characters of a crash's last words, so that an outcome stays small enough to travel. */
const MAX_WORDS = 8_000

/** Why a process ended, for the calls that it ran: only a crash is their own doing. */
export type Death =
  | { kind: 'replaced'; why: string }
  | { kind: 'killed' }
  | { kind: 'crashed'; error: CallError }

export function deathOf({ code, signal, wanted, errors }: ChildExit, why: string | undefined): Death {
  if (wanted) return { kind: 'replaced', why: why ?? 'the container is stopping' }
  // A process cannot be caught dying so by its own doing: it was killed by hand, or by a system short of memory.
  if (signal === 'SIGKILL') return { kind: 'killed' }
  const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`
  const lastWords = errors.join('\n').slice(-MAX_WORDS)
  const message = [`The process that runs the function ${how}.`, lastWords].filter(Boolean).join('\n')
  return { kind: 'crashed', error: { name: 'ProcessExited', message } }
}

export function inWords(death: Death): string {
  switch (death.kind) {
    case 'replaced':
      return `The function's process was replaced: ${death.why}.`
    case 'killed':
      return "The function's process was killed from outside (SIGKILL)."
    case 'crashed':
      return death.error.message.split('\n', 1)[0] ?? ''
  }
}
