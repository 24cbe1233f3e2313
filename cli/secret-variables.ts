import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseEnv } from 'node:util'

/** Stands for standard input where a file is asked for. */
const STDIN = '-'
const PAIR = /^([^=]+)=([\s\S]*)$/

export interface VariableSources {
  pairs: string[]
  fromDotenv?: string | undefined
  fromJson?: string | undefined
}

/** What is wrong with what was typed. Values are left out, and so is whatever may be one. */
export class VariablesFault extends Error {}

/**
 * The variables of a secret: of files, then of arguments, which win. With neither, of standard input.
 * @throws VariablesFault
 */
export async function readVariables({
  pairs,
  fromDotenv,
  fromJson,
}: VariableSources): Promise<Record<string, string>> {
  const given = pairs.map(pairOf)
  if (fromDotenv === STDIN && fromJson === STDIN)
    throw new VariablesFault('Only one of --from-dotenv and --from-json can be standard input.')
  const isTold = given.length > 0 || fromDotenv !== undefined || fromJson !== undefined
  const read = isTold
    ? {
        ...(fromDotenv !== undefined && parseEnv(await contentOf(fromDotenv))),
        ...(fromJson !== undefined && fromObject(await contentOf(fromJson), nameOf(fromJson))),
      }
    : await fromInput()
  const variables = { ...read, ...Object.fromEntries(given) } as Record<string, string>
  if (Object.keys(variables).length === 0) throw nothingGiven()
  return variables
}

function pairOf(word: string, index: number): [string, string] {
  const [, name, value] = PAIR.exec(word) ?? []
  if (name !== undefined && value !== undefined && !name.startsWith('-')) return [name, value]
  throw new VariablesFault(`Word ${index + 1} after the name is no KEY=VALUE.`)
}

async function fromInput(): Promise<Record<string, unknown>> {
  if (process.stdin.isTTY) throw nothingGiven()
  const content = await text(process.stdin)
  return content.trimStart().startsWith('{') ? fromObject(content, nameOf(STDIN)) : parseEnv(content)
}

async function contentOf(path: string): Promise<string> {
  if (path === STDIN) return text(process.stdin)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new VariablesFault(
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`,
    )
  }
}

/** The engine's own words would quote the content. */
function fromObject(content: string, source: string): Record<string, unknown> {
  const parsed = parsedOrNothing(content)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new VariablesFault(`${source} is no JSON object, such as {"KEY": "value"}.`)
  const odd = Object.values(parsed).findIndex((value) => typeof value !== 'string')
  if (odd !== -1) throw new VariablesFault(`${source}: value ${odd + 1} is no text. Write it in quotes.`)
  return parsed as Record<string, unknown>
}

function parsedOrNothing(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

const nameOf = (path: string): string => (path === STDIN ? 'Standard input' : path)

const nothingGiven = (): VariablesFault =>
  new VariablesFault(
    'There are no variables: give KEY=VALUE, --from-dotenv FILE, --from-json FILE, or either format on standard input.',
  )
