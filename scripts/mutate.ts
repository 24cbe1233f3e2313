import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MUTATIONS } from '../test/simulation/mutations/all.ts'
import { judge, type Verdict } from '../test/simulation/mutations/judge.ts'
import type { Mutation } from '../test/simulation/mutations/mutation.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs', 'simulation.md')
/** What is between them in the page is written by the script. */
const BEGIN = '<!-- mutations: begin -->'
const END = '<!-- mutations: end -->'
/** What part of the mutations has to be found. */
const ENOUGH = 0.95
const MOST_CHARACTERS = 110
const HELP = `Breaks the domain on purpose, in one way at a time, and says which of these the simulation finds.

  scripts/mutate                  all of them, in about ten minutes of two cores
  scripts/mutate --only WORDS     those whose names have these words in them; can be given more than once
  scripts/mutate --seeds N        gives up after so many seeds, 500 unless told
  scripts/mutate --jobs N         so many at once, one for each core unless told
  scripts/mutate --write          writes what was found into docs/simulation.md

Exits with 1 where less than ${ENOUGH * 100} % are found.`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    only: { type: 'string', multiple: true, default: [''] },
    jobs: { type: 'string', default: String(availableParallelism()) },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) console.log(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  const [seeds, jobs] = [natural('seeds'), natural('jobs')]
  const chosen = MUTATIONS.filter(({ name }) => values.only.some((words) => name.includes(words)))
  if (chosen.length === 0) throw new Error('No mutation has these words in its name.')
  const verdicts = await judgeAll(chosen, seeds, jobs)
  const told = summary(verdicts, seeds)
  console.log(`\n${told}`)
  if (values.write) writePage(`${stamp()} ${told}\n\n${tableOf(verdicts)}`)
  return share(verdicts) >= ENOUGH ? 0 : 1
}

async function judgeAll(chosen: readonly Mutation[], seeds: number, jobs: number): Promise<Verdict[]> {
  const waiting = [...chosen]
  const verdicts: Verdict[] = []
  const work = async () => {
    for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
      const verdict = await judge(mutation, seeds)
      verdicts.push(verdict)
      console.log(rowOf(verdict))
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return verdicts
}

function share(verdicts: Verdict[]): number {
  return verdicts.filter(({ found }) => found).length / verdicts.length
}

function summary(verdicts: Verdict[], seeds: number): string {
  const survivors = verdicts.filter(({ found }) => !found)
  const percent = Math.floor(share(verdicts) * 100)
  const score = `${verdicts.length - survivors.length} of ${verdicts.length} mutations were found within ${seeds} seeds (${percent} %).`
  const names = survivors.map(({ mutation }) => `\n* ${mutation}`).sort()
  return names.length > 0 ? `${score} These survived:\n${names.join('')}` : score
}

/** Those that took the most seeds come first, and before them those that were not found. */
function tableOf(verdicts: Verdict[]): string {
  const rank = ({ found }: Verdict) => found?.seed ?? Number.POSITIVE_INFINITY
  const sorted = verdicts
    .filter(({ found }) => found)
    .toSorted((a, b) => rank(b) - rank(a) || a.mutation.localeCompare(b.mutation))
  return ['| mutation | found by seed | what it broke |', '| --- | --: | --- |', ...sorted.map(rowOf)].join(
    '\n',
  )
}

function rowOf({ mutation, found }: Verdict): string {
  if (!found) return `| ${mutation} | – | nothing that was seen |`
  const [words = ''] = found.broken.split('\n')
  return `| ${mutation} | ${found.seed} | ${words.replaceAll('|', '/').slice(0, MOST_CHARACTERS).trim()} |`
}

/** When, and of which state of the source. */
function stamp(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' })
  const at = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
  return `On ${at}, at commit \`${commit.trim()}\`:`
}

function writePage(found: string): void {
  const [before, rest] = readFileSync(PAGE, 'utf8').split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`${PAGE} has no ${BEGIN} and ${END} to write between.`)
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${found}\n\n${END}${after}`)
}

function natural(option: 'seeds' | 'jobs'): number {
  const number = Number(values[option])
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${option} takes a number, such as 300.`)
}
