import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { HttpClient } from './client.ts'
import { load } from './load.ts'
import { onPath } from './program.ts'

/** Shorter than that wrk cannot be told to run. */
const WRK_LEAST_MS = 1_000
const MS = { us: 0.001, ms: 1, s: 1_000 }

/** Where a page is asked for, and by which name. */
export interface Page {
  port: number
  host: string
}

export interface WebResult {
  p50: number
  rate: number
}

export const generator = (sliceMs: number): 'wrk' | 'Node.js' =>
  sliceMs >= WRK_LEAST_MS && onPath('wrk') ? 'wrk' : 'Node.js'

/** Requests over so many kept-alive connections: by wrk where there is one, which takes less of the machine than Node.js does. */
export async function webLoad(page: Page, connections: number, sliceMs: number): Promise<WebResult> {
  if (generator(sliceMs) === 'wrk') return wrk(page, connections, sliceMs)
  await using client = new HttpClient(`http://127.0.0.1:${page.port}`, connections)
  const request = { path: '/', headers: { host: page.host } }
  return await load(async () => void (await client.send(request)), connections, sliceMs)
}

async function wrk({ port, host }: Page, connections: number, sliceMs: number): Promise<WebResult> {
  const seconds = Math.round(sliceMs / 1_000)
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-H', `Host: ${host}`]
  const { stdout } = await promisify(execFile)('wrk', [...options, `http://127.0.0.1:${port}/`])
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`Requests to ${host} failed:\n${stdout}`)
  const [, value, unit] = /50%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? []
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? []
  return { p50: Number(value) * MS[unit as keyof typeof MS], rate: Number(rate) }
}
