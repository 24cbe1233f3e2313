import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

export interface FoundProcess {
  pid: number
  parent: number
  command: string
}

/**
 * The living processes that have to do with a state folder: by their command line, environment or working directory.
 * Whoever ran a container's program is among them, and whatever that started, unless it hid all three.
 */
export async function processesOf(dir: string): Promise<FoundProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map((pid) => lookAt(pid, dir)))
  return found.filter((process) => process !== undefined)
}

/** A zombie is dead: it only waits for its parent to notice. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readStat(pid)
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X'
}

async function lookAt(pid: number, dir: string): Promise<FoundProcess | undefined> {
  const [stat, command, environment, folder] = await Promise.all([
    readStat(pid),
    read(pid, 'cmdline'),
    read(pid, 'environ'),
    readlink(join('/proc', String(pid), 'cwd')).catch(() => ''),
  ])
  // One that is dying has lost its command line already.
  if (
    !stat ||
    command === '' ||
    pid === process.pid ||
    ![command, environment, folder].some((text) => text.includes(dir))
  )
    return
  return { pid, parent: stat.parent, command: command.replaceAll('\0', ' ').trim() }
}

/** The name of the program, in brackets, may hold anything; proc(5) has the fields behind it. */
async function readStat(pid: number): Promise<{ state: string; parent: number } | undefined> {
  const stat = await read(pid, 'stat')
  const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return stat === '' ? undefined : { state, parent: Number(parent) }
}

const read = (pid: number, file: string): Promise<string> =>
  readFile(join('/proc', String(pid), file), 'utf8').catch(() => '')
