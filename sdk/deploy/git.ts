import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Commit } from '../../protocol/api.ts'

const run = promisify(execFile)
/** Milliseconds: a deploy does not wait long for what only its history shows. */
const WITHIN = 5_000
const LONGEST_NAME = 256

/** What is checked out in the folder; undefined without git, a repository or a commit. */
export async function commitOf(folder: string): Promise<Commit | undefined> {
  try {
    const [status, author] = await Promise.all([
      git(folder, ['status', '--porcelain=v2', '--branch']),
      git(folder, ['log', '-1', '--format=%an']),
    ])
    return parse(status, author.trim())
  } catch {
    return undefined
  }
}

/** Lines that begin with `#` tell about the branch, all others about files that are not committed. */
function parse(status: string, author: string): Commit | undefined {
  const lines = status.split('\n').filter(Boolean)
  const fact = (name: string) => lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3)
  const [hash, branch] = [fact('branch.oid'), fact('branch.head')]
  if (hash === undefined) return undefined
  return {
    hash,
    dirty: lines.some((line) => !line.startsWith('#')),
    ...(branch && branch !== '(detached)' && { branch: branch.slice(0, LONGEST_NAME) }),
    ...(author && { author: author.slice(0, LONGEST_NAME) }),
  }
}

async function git(folder: string, args: string[]): Promise<string> {
  /** Looking must not take git's lock from somebody who works there. */
  const { stdout } = await run('git', ['--no-optional-locks', '-C', folder, ...args], { timeout: WITHIN })
  return stdout
}
