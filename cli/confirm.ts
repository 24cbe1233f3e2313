import { createInterface } from 'node:readline/promises'
import { printNote } from './terminal.ts'

/** Asks before what ends work in progress. True where the answer is yes, and where nobody is there to be asked. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C and Ctrl-D reject the question.
  const answer = await prompt.question(`${question} [y/N] `).catch(() => '')
  prompt.close()
  const agreed = /^y(es)?$/i.test(answer.trim())
  if (!agreed) printNote('Nothing was changed.')
  return agreed
}
