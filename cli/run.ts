import { CommanderError } from 'commander'
import { type CommonOptions, FAILED, MISUSED } from './conventions.ts'
import { reportFailure } from './failure.ts'
import { buildProgram } from './program.ts'

/** Does what the words of a command line say, and leaves the exit code behind. */
export async function run(words: string[]): Promise<void> {
  let options: CommonOptions = {}
  const program = await buildProgram(words)
  program.hook('preAction', (_, command) => {
    options = command.opts()
  })
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    /** Commander has said itself what it did not understand. */
    if (!(error instanceof CommanderError)) reportFailure(error, options)
  }
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return FAILED
  return error.exitCode === 0 ? 0 : MISUSED
}
