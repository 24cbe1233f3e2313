import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ConfigurationError } from '../sdk/errors.ts'

/** What is typed is not shown. */
const NOWHERE = new Writable({ write: (_chunk, _encoding, done) => done() })

/** Everything that is piped in. */
export async function readInput(): Promise<string> {
  return (await text(process.stdin)).trim()
}

/** @throws ConfigurationError where nobody is there to be asked, with `otherwise` as what to do instead */
export async function askSecret(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new ConfigurationError(otherwise)
  process.stderr.write(`${question} `)
  const prompt = createInterface({ input: process.stdin, output: NOWHERE, terminal: true })
  const answer = await prompt.question('').catch(() => '')
  prompt.close()
  process.stderr.write('\n')
  if (answer.trim() === '') throw new ConfigurationError(otherwise)
  return answer.trim()
}
