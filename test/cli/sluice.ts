import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

export const ROOT = resolve(import.meta.dirname, '../..')

/** A folder that is not there: whoever runs the tests may have profiles of their own. */
const NO_PROFILES = join(tmpdir(), 'sluice-no-profiles')

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

interface Setting {
  url?: string
  cwd?: string
  variables?: Record<string, string>
  command?: string[]
  /** What is piped in; nothing unless given. */
  input?: string
}

/** Runs the command line in a process of its own, as from a terminal that has no variables of Sluice set. */
export async function sluice(words: string[], setting: Setting = {}): Promise<Outcome> {
  const child = startSluice(words, setting)
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, stdout, stderr }
}

export function startSluice(words: string[], { url, cwd, variables, command, input }: Setting) {
  const [program = process.execPath, ...rest] = command ?? [process.execPath, `${ROOT}/cli/sluice.mjs`]
  const { SLUICE_DIR, SLUICE_ENV, SLUICE_PROFILE, FORCE_COLOR, ...inherited } = process.env
  const own = { SLUICE_URL: url ?? '', SLUICE_TOKEN: 'secret', NO_COLOR: '1', XDG_CONFIG_HOME: NO_PROFILES }
  const child = spawn(program, [...rest, ...words], {
    cwd,
    env: { ...inherited, ...own, ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  return child
}
