import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts the time of processes in hundredths of a second, whatever the kernel's own clock is. */
const TICKS_PER_SECOND = 100

/** Microseconds of a core that the processes have used so far. */
export function cpuTime(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * (1_000_000 / TICKS_PER_SECOND)
}

/**
 * The same of the threads that a process has now, to the nanosecond: for one that does next to nothing. NaN where the kernel
 * keeps no such figures.
 */
export function fineCpuTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  return (
    threads.reduce((sum, thread) => sum + nanosecondsOf(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1_000
  )
}

function nanosecondsOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0])
  } catch {
    return Number.NaN
  }
}

/** Of utime and stime; the name of the program, in brackets before them, may hold anything: proc(5). */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** A process and the processes that it started itself. */
export function withChildren(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))]
}
