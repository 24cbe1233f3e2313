import { spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FOLDER, ROOT } from './places.ts'

const LOOK_AGAIN_MS = 50
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000

export interface Daemon {
  name: string
  command: [program: string, ...args: string[]]
  env: Record<string, string | undefined>
  isReady: () => Promise<boolean>
}

/** Starts it in the background, unless it runs already, and waits until it is ready. */
export async function startDaemon({ name, command, env, isReady }: Daemon): Promise<void> {
  if (runningPid(name) === undefined) launch(name, command, env)
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await isReady())) {
    if (runningPid(name) === undefined || Date.now() > deadline) throw new DaemonFailed(name)
    await sleep(LOOK_AGAIN_MS)
  }
}

export async function stopDaemon(name: string): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS
  signal(name, 'SIGTERM')
  while (runningPid(name) !== undefined) {
    if (Date.now() > deadline) signal(name, 'SIGKILL')
    await sleep(LOOK_AGAIN_MS)
  }
  rmSync(pidFile(name), { force: true })
}

function signal(name: string, signal: NodeJS.Signals): void {
  const pid = runningPid(name)
  if (pid !== undefined) process.kill(pid, signal)
}

/** The process that was started under this name, unless its number belongs to another one by now. */
export function runningPid(name: string): number | undefined {
  if (!existsSync(pidFile(name))) return undefined
  const [pid, startedAt] = readFileSync(pidFile(name), 'utf8').split(' ')
  return startTime(Number(pid)) === startedAt ? Number(pid) : undefined
}

export function logFile(name: string): string {
  return join(FOLDER, `${name}.log`)
}

class DaemonFailed extends Error {
  constructor(name: string) {
    const lastLines = readFileSync(logFile(name), 'utf8').split('\n').slice(-15).join('\n')
    super(`${name} does not get ready. Its log, ${logFile(name)}, ends with:\n${lastLines}`)
  }
}

function launch(name: string, [program, ...args]: Daemon['command'], env: Daemon['env']): void {
  const log = openSync(logFile(name), 'w')
  const child = spawn(program, args, { cwd: ROOT, env, detached: true, stdio: ['ignore', log, log] })
  if (child.pid === undefined) throw new Error(`${program} cannot be started.`)
  child.unref()
  writeFileSync(pidFile(name), `${child.pid} ${startTime(child.pid)}`)
}

function pidFile(name: string): string {
  return join(FOLDER, `${name}.pid`)
}

/** Field 22 of proc_pid_stat(5), counted from behind the name, which may hold spaces; undefined once it is a zombie or gone. */
function startTime(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
