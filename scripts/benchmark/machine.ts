import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

const GIB = 2 ** 30
/** Share of the cores above which others are in the way. */
const BUSY = 0.25

/** What the figures were measured on, and when. */
export interface Machine {
  date: string
  commit: string
  cpu: string
  cores: number
  memoryGiB: number
  kernel: string
  node: string
  /** Processes that wanted to run, on average over the minute before the start. */
  load: number
  isBusy: boolean
}

export function machine(): Machine {
  const [first] = cpus()
  const cores = cpus().length
  const [load = 0] = loadavg()
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    cpu: first?.model.trim() ?? 'unknown CPU',
    cores,
    memoryGiB: Math.round(totalmem() / GIB),
    kernel: `${type()} ${release()}`,
    node: process.versions.node,
    load,
    isBusy: load > BUSY * cores,
  }
}

export function describe({ cpu, cores, memoryGiB, kernel, node, load }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, Node.js ${node}, load ${load.toFixed(2)} at the start`
}

export const BUSY_WARNING =
  'Others kept this machine busy as the run began, which is hardest on whoever needs several processes for one answer, as Sluice does: measure again on a quiet one.'

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
    const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes'
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`
  } catch {
    return 'unknown'
  }
}
