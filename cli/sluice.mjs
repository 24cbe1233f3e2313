#!/usr/bin/env node
/** Starts the command line in a Node.js that is new enough: the one that runs this, or the one that npm installed. */
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST = 24
const SEP_MODULES = /[\\/]node_modules[\\/]/
const self = realpathSync(fileURLToPath(import.meta.url))
const root = join(dirname(self), '..')

if (Number.parseInt(process.versions.node, 10) >= OLDEST) await start()
else restart()

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
