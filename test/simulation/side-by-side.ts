import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Findings, SeedRange } from './seeds.ts'
import { addTotals, noTotals } from './totals.ts'

/** What a process that runs seeds says. */
export type Word = { began: number } | { findings: Findings }

const PROCESS = join(import.meta.dirname, 'seeds-process.ts')
/** Few enough that all processes end at about the same time. */
const SEEDS_AT_ONCE = 25
/** A run takes a fraction of a second. Milliseconds after which one that does not end never will. */
const HUNG_MS = 120_000
/** What a run leaves is gone when the next begins: it need not be moved about meanwhile. */
const YOUNG_MB = 32

/** Spreads seeds over processes. Of those that break a promise, the first is found, however many processes there are. */
export async function runSideBySide(
  { from, to }: SeedRange,
  jobs: number,
  onProgress: (runs: number) => void = () => {},
): Promise<Findings> {
  const all: Findings = { runs: 0, totals: noTotals() }
  let next = from
  const work = async () => {
    const child = fork(PROCESS, {
      serialization: 'advanced',
      execArgv: [...process.execArgv, `--max-semi-space-size=${YOUNG_MB}`],
    })
    while (next < to && !all.broken) {
      const range = { from: next, to: Math.min(next + SEEDS_AT_ONCE, to) }
      next = range.to
      merge(all, await findingsOf(child, range))
      onProgress(all.runs)
    }
    if (child.connected) child.disconnect()
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return all
}

function merge(all: Findings, { runs, totals, broken }: Findings): void {
  all.runs += runs
  addTotals(all.totals, totals)
  if (broken && broken.seed < (all.broken?.seed ?? Number.POSITIVE_INFINITY)) all.broken = broken
}

/** Of a process that dies, or goes on for ever, the seed is known that it was at. */
function findingsOf(child: ChildProcess, range: SeedRange): Promise<Findings> {
  return new Promise((resolve) => {
    let seed = range.from
    const hung = setTimeout(() => child.kill('SIGKILL'), HUNG_MS)
    const end = (findings: Findings) => {
      clearTimeout(hung)
      child.off('message', listen).off('exit', giveUp)
      resolve(findings)
    }
    const listen = (word: Word) => {
      if ('findings' in word) return end(word.findings)
      seed = word.began
      hung.refresh()
    }
    const giveUp = (code: number | null) => {
      const what = code === null ? 'the run never ends' : `the process ended with ${code}`
      end({
        runs: seed - range.from + 1,
        totals: noTotals(),
        broken: { seed, broken: { what, error: what }, isFatal: true },
      })
    }
    child.on('message', listen).on('exit', giveUp)
    child.send(range)
  })
}
