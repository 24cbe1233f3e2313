import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { type ControlPlaneFile, makeFolder, runningControlPlane } from './state-folder.ts'

const OWNER_ONLY = 0o600

/**
 * Starts a program that starts a control plane, as a process that outlives this one; returns once the program has sent
 * a message, which it does when it is ready. What it prints goes to `DIR/control-plane.log`.
 * @param words the program's file, and what to pass on to it
 * @throws CannotStart with what it printed, where it ends instead
 */
export async function startDetached(dir: string, words: string[]): Promise<ControlPlaneFile> {
  makeFolder(dir)
  const path = join(dir, 'control-plane.log')
  const log = openSync(path, 'a', OWNER_ONLY)
  const sizeBefore = statSync(path).size
  const child = spawn(process.execPath, words, { detached: true, stdio: ['ignore', log, log, 'ipc'] })
  closeSync(log)
  await Promise.race([once(child, 'message'), once(child, 'exit')])
  const running = runningControlPlane(dir)
  if (!running || running.pid !== child.pid) {
    const printed = readFileSync(path).subarray(sizeBefore).toString()
    throw new CannotStart(printed.replace(/^✗/, '').trim() || `It ended without a word; see ${path}.`)
  }
  child.disconnect()
  child.unref()
  return running
}
