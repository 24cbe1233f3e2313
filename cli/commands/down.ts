import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { killLeftovers } from '../../platforms/local/compute/folders.ts'
import { isAlive } from '../../platforms/local/compute/processes.ts'
import { type ControlPlaneFile, runningControlPlane, withdraw } from '../../platforms/local/state-folder.ts'
import { type DirOption, dirOption } from '../state-dir.ts'
import { clearStatus, printDone, printNote, showStatus } from '../terminal.ts'

/** More than a control plane takes to wind down. */
const PATIENCE_MS = 20_000
const POLL_MS = 50

export function registerDown(program: Command): void {
  program
    .command('down')
    .description('stop the platform on this machine, and every container that it left')
    .addOption(dirOption('folder that holds its state'))
    .option('--verbose', 'show stack traces')
    .action(down)
}

async function down(options: DirOption): Promise<void> {
  const dir = resolve(options.dir)
  const running = existsSync(dir) ? runningControlPlane(dir) : undefined
  if (running) await end(running)
  const left = existsSync(dir) ? await killLeftovers(dir) : 0
  withdraw(dir)
  if (running) printDone(`Stopped the control plane on ${dir}.`)
  if (left > 0)
    printDone(`Killed ${left} container${left === 1 ? '' : 's'} left by a control plane that had died.`)
  if (!running && left === 0) printNote(`Nothing runs on ${dir}.`)
}

/** Asks the process to end, and makes it where it does not. */
async function end(running: ControlPlaneFile): Promise<void> {
  showStatus('Stopping: what runs has a few seconds to end…')
  process.kill(running.pid, 'SIGTERM')
  const deadline = performance.now() + PATIENCE_MS
  while (isAlive(running) && performance.now() < deadline) await setTimeout(POLL_MS)
  if (isAlive(running)) process.kill(running.pid, 'SIGKILL')
  clearStatus()
}
