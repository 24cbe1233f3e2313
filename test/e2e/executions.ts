import { readFile } from 'node:fs/promises'
import { until } from './reached.ts'

/** What an author's function has noted about one of its runs, a line each: `begin` or `end`, its number, its process. */
export interface Execution {
  n: number
  pid: number
}

export const begins = (log: string): Promise<Execution[]> => read(log, 'begin')
export const ends = (log: string): Promise<Execution[]> => read(log, 'end')

/** At least so many runs have begun; answers with all that have. */
export async function untilBegun(log: string, count: number): Promise<Execution[]> {
  await until(`${count} calls to run`, async () => (await begins(log)).length >= count)
  return begins(log)
}

async function read(log: string, what: 'begin' | 'end'): Promise<Execution[]> {
  const text = await readFile(log, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line.startsWith(what))
  return lines.map((line) => line.split(' ').map(Number)).map(([, n = 0, pid = 0]) => ({ n, pid }))
}
