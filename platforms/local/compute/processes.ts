import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that cannot be mistaken for a later one to which the system gave the same number. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in whatever form the system tells it. */
  startTime: string
}

interface Look {
  startTime: string
  /** Dead, but its parent has not noticed yet. */
  isZombie: boolean
}

/** @throws Error if there is no such process. */
export function identify(pid: number): ProcessIdentity {
  const seen = look(pid)
  if (!seen) throw new Error(`The system does not tell when process ${pid} was started`)
  return { pid, startTime: seen.startTime }
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  const seen = look(pid)
  return seen?.startTime === startTime && !seen.isZombie
}

/** Kills the process and all that it started, unless they left its group; also what outlived it. */
export function killGroup({ pid, startTime }: ProcessIdentity): void {
  // A group's number is not given out again while any of its members lives; a process of that number is a later one.
  const seen = look(pid)
  if (seen && seen.startTime !== startTime) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // The second is macOS's answer for a group of zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

function look(pid: number): Look | undefined {
  try {
    return process.platform === 'linux' ? lookInProc(pid) : askPs(pid)
  } catch {
    return undefined
  }
}

/** Fields 3 and 22 of proc(5)'s `stat`, counted from behind the second, a name in brackets that may hold anything. */
function lookInProc(pid: number): Look | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const startTime = fields[18]
  return startTime === undefined ? undefined : { startTime, isZombie: 'ZX'.includes(state) }
}

function askPs(pid: number): Look | undefined {
  const [state = '', ...startTime] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split(/\s+/)
  return { startTime: startTime.join(' '), isZombie: state.startsWith('Z') }
}
