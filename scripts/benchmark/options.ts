import { parseArgs } from 'node:util'
import type { Group } from './group.ts'

/** Fewer say too little to be written down. */
export const WHOLE_ROUNDS = 7
/** Milliseconds of one load: long enough for wrk. */
const SLICE_MS = 1_000

export interface Options {
  groups: Group[]
  rounds: number
  sliceMs: number
  json: string | undefined
  write: boolean
}

/** Ends the process, with a sentence, where the command line is none. */
export function readOptions(args: string[], groups: Group[]): Options {
  try {
    return parse(args, groups)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}

function parse(args: string[], groups: Group[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: String(WHOLE_ROUNDS) },
      slice: { type: 'string', default: String(SLICE_MS) },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  })
  const rounds = wholeNumber('--rounds', values.rounds)
  const chosen = chosenFrom(
    groups,
    values.only.flatMap((names) => names.split(',')),
  )
  if (values.write && (rounds < WHOLE_ROUNDS || chosen.length < groups.length)) {
    throw new Error(
      `The page shows all groups, of ${WHOLE_ROUNDS} rounds at least: leave out --only and --rounds, or --write.`,
    )
  }
  return {
    groups: chosen,
    rounds,
    sliceMs: wholeNumber('--slice', values.slice),
    json: values.json,
    write: values.write,
  }
}

function chosenFrom(groups: Group[], names: string[]): Group[] {
  const known = groups.map(({ name }) => name)
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`There is no group "${name}". There are ${known.join(', ')}.`)
  }
  return names.length === 0 ? groups : groups.filter(({ name }) => names.includes(name))
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new Error(`${option} is "${text}", and takes a whole number from 1 on.`)
}
