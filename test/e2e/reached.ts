import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const MAIN = join(ROOT, 'cli', 'sluice.mjs')

const POLL_MS = 50
/** What a condition may take to come on a busy machine: who waits for so long waits in vain. */
const HUNG_MS = 60_000

export interface CommandResult {
  code: number
  stdout: string
  stderr: string
}

export interface ApiAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape the route documents.
  body: any
}

export interface WebAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A control plane somewhere, spoken to as a user would: by command line and HTTP. */
export abstract class Reached {
  abstract readonly url: string
  abstract readonly token: string

  /** Where a web endpoint is reached without a resolver, and the Host that is asked for there. */
  abstract address(label: string): { origin: string; host: string }

  /** What tells a program where it is, and lets it in. */
  get variables(): Record<string, string> {
    return { SLUICE_URL: this.url, SLUICE_TOKEN: this.token }
  }

  /** Runs a command to its end. */
  async cli(...args: string[]): Promise<CommandResult> {
    return sluice(args, this.variables)
  }

  /** As `cli`, but a failure of the command is one of the test. */
  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cli(...args)
    if (code !== 0) throw new Error(`sluice ${args.join(' ')} exited with ${code}:\n${stdout}\n${stderr}`)
    return stdout
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape the route documents.
  async json(...args: string[]): Promise<any> {
    return JSON.parse(await this.run(...args, '--json'))
  }

  async api(method: string, path: string, body?: unknown, token = this.token): Promise<ApiAnswer> {
    const answer = await exchange(new URL(path, this.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: answer.status, body: answer.body === '' ? undefined : JSON.parse(answer.body) }
  }

  /** A web request to a label, as a browser makes it. */
  async web(label: string, path = '/', options: WebOptions = {}): Promise<WebAnswer> {
    const { origin, host } = this.address(label)
    return exchange(new URL(path, origin), { ...options, headers: { ...options.headers, host } })
  }
}

export interface WebOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer | undefined
  agent?: Agent
}

/** Runs the command line as a user does, from a folder that has nothing to do with the app. */
export async function sluice(
  args: string[],
  variables: Record<string, string>,
  cwd = tmpdir(),
): Promise<CommandResult> {
  return runNode([MAIN, ...args], variables, cwd)
}

export async function runNode(
  args: string[],
  variables: Record<string, string>,
  cwd = tmpdir(),
): Promise<CommandResult> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...environment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, stdout, stderr }
}

/** Waits for a condition; says what was waited for when it does not come. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  ms = HUNG_MS,
): Promise<void> {
  const deadline = Date.now() + ms
  for (;;) {
    if (await holds()) return
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain for ${what}`)
    await sleep(POLL_MS)
  }
}

/** A folder that is not there: whoever runs the tests may have profiles of their own. */
const NO_PROFILES = join(tmpdir(), 'sluice-no-profiles')

/** The environment of a user who has never set anything of Sluice's. */
export function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('SLUICE_') && name !== 'NODE_TEST_CONTEXT',
  )
  return { ...Object.fromEntries(own), NO_COLOR: '1', XDG_CONFIG_HOME: NO_PROFILES }
}

function exchange(url: URL, { method = 'GET', headers = {}, body, agent }: WebOptions): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
