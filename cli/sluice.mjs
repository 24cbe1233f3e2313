#!/usr/bin/env node
/** Starts the command line in a Node.js that is new enough: the one that runs this, or the one that npm installed. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import nodeModule, { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST = 24
const SEP_MODULES = /[\\/]node_modules[\\/]/
const self = realpathSync(fileURLToPath(import.meta.url))
const root = join(dirname(self), '..')

if (Number.parseInt(process.versions.node, 10) >= OLDEST) {
  keepCompiled()
  await start()
} else restart()

/** What was compiled once is compiled for the next command too. To compile takes longer than most commands do. */
function keepCompiled() {
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice')
    if (isOurs(folder)) nodeModule.enableCompileCache(folder)
  } catch {
    // Where there is no place for it, each command compiles for itself.
  }
}

/** What lies there is run as it is, so nobody else may be able to put it there: no other user, and no app's repository. */
function isOurs(folder) {
  if (!isAbsolute(folder)) return false
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = statSync(folder)
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

/** Node.js strips no types below node_modules, so there the built package runs. */
async function start() {
  const source = join(root, 'cli/main.ts')
  const main = existsSync(source) && !SEP_MODULES.test(source) ? source : join(root, 'dist/cli/main.js')
  try {
    await import(pathToFileURL(main).href)
  } catch (error) {
    if (!/^Cannot find package/.test(error.message)) throw error
    fail(`A package that Sluice needs is not installed. Run "npm install" in ${root}.\n${error.message}`)
  }
}

function restart() {
  const node = installedNode()
  if (!node) {
    fail(
      `Sluice needs Node.js ${OLDEST} or newer; this is ${process.version}. Install it, or let npm do so: run "npm rebuild node" in ${root}.`,
    )
  }
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: 'inherit' })
  /** Ctrl-C reaches the whole process group by itself; this one must only not end before the other. */
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function installedNode() {
  try {
    const node = join(dirname(createRequire(self).resolve('node/package.json')), 'bin/node')
    return existsSync(node) ? node : undefined
  } catch {
    return undefined
  }
}

function fail(message) {
  process.stderr.write(`✗ ${message}\n`)
  process.exit(1)
}
