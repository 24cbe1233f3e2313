import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { FaultName } from '../../test/simulation/faults.ts'
import { type Narrowing, planOf } from '../../test/simulation/plan.ts'

export const HELP = `Runs the real domain in worlds that seeds decide: crashes, losses, doubles.

  scripts/simulate                      1,000 seeds from 1, on all cores, and what occurred in them
  scripts/simulate --seeds N --from S   N seeds from S
  scripts/simulate --jobs J             in J processes
  scripts/simulate --seed N             one seed, with the whole of its history
      --history FILE                    the history goes into a file
      --keep 0,17,21                    of its steps only these
      --without crash,loss              without these kinds of faults
      --only loss@queue@12.345          of all faults only these
      --shrink                          tries for as long as it takes to leave out more

A seed that breaks a promise is shrunk for a while, and printed with the command that replays it.
Exits with 1 where a promise is broken, or where something that must occur in a thousand seeds does not.`

export type Options =
  | { do: 'help' }
  | { do: 'many'; from: number; seeds: number; jobs: number }
  | { do: 'one'; seed: number; narrowing: Narrowing; history: string | undefined; shrink: boolean }

/** Ends the process, with a sentence, where the command line is none. */
export function readOptions(args: string[]): Options {
  try {
    return parse(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}

const OF_MANY = ['seeds', 'from', 'jobs'] as const
const OF_ONE = ['history', 'keep', 'without', 'only', 'shrink'] as const

function parse(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      jobs: { type: 'string' },
      seed: { type: 'string' },
      history: { type: 'string' },
      keep: { type: 'string' },
      without: { type: 'string' },
      only: { type: 'string' },
      shrink: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return { do: 'help' }
  if (values.seed === undefined) {
    const stray = OF_ONE.find((name) => values[name] !== undefined)
    if (stray) throw new Error(`--${stray} is for one seed: say which, by --seed N.`)
    return {
      do: 'many',
      from: wholeNumber('--from', values.from ?? '1'),
      seeds: wholeNumber('--seeds', values.seeds ?? '1000'),
      jobs: wholeNumber('--jobs', values.jobs ?? String(availableParallelism())),
    }
  }
  const stray = OF_MANY.find((name) => values[name] !== undefined)
  if (stray) throw new Error(`--${stray} is for many seeds: leave out --seed.`)
  const seed = wholeNumber('--seed', values.seed)
  const narrowing = {
    keep: listed(values.keep)?.map((step) => stepOf('--keep', step)),
    without: listed(values.without)?.map((name) => faultOf(seed, name)),
    only: listed(values.only),
  }
  return { do: 'one', seed, narrowing, history: values.history, shrink: values.shrink ?? false }
}

const listed = (text: string | undefined): string[] | undefined =>
  text === '' ? [] : text?.split(',').map((item) => item.trim())

function faultOf(seed: number, name: string): FaultName {
  const known = Object.keys(planOf(seed).faults)
  if (known.includes(name)) return name as FaultName
  throw new Error(`There is no fault "${name}". There are ${known.join(', ')}.`)
}

function stepOf(option: string, text: string): number {
  if (/^(0|[1-9]\d{0,5})$/.test(text)) return Number(text)
  throw new Error(`${option} takes the numbers of steps, such as 0,17,21, and "${text}" is none.`)
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Error(`${option} is "${text}", and takes a whole number from 1 on.`)
}
