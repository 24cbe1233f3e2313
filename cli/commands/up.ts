import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CannotStart } from '../../platforms/local/cannot-start.ts'
import { killLeftovers } from '../../platforms/local/compute/folders.ts'
import { startDetached } from '../../platforms/local/detached.ts'
import { startLocal } from '../../platforms/local/platform.ts'
import type { ControlPlaneFile } from '../../platforms/local/state-folder.ts'
import { packageRoot } from '../../sdk/deploy/package.ts'
import { ConfigurationError } from '../../sdk/errors.ts'
import { type KeepOptions, keepArguments, retentionOf, withKeepOptions } from '../keep-options.ts'
import { DEFAULT_DIR, type DirOption, dirOption } from '../state-dir.ts'
import { print, printDone, printNote } from '../terminal.ts'

const API_PORT = 4100
const INGRESS_PORT = 4180
const HIGHEST_PORT = 65_535
/** Files of the owner's alone. */
const PRIVATE = 0o077
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Options extends DirOption, KeepOptions {
  port: number
  ingressPort: number
  detach?: true
}

export function registerUp(program: Command): void {
  withKeepOptions(program.command('up'))
    .description('start the platform on this machine; it runs until Ctrl-C')
    .addOption(dirOption('folder that holds all state; made where there is none'))
    .addOption(portOption('--port <port>', 'port of the API', API_PORT))
    .addOption(portOption('--ingress-port <port>', 'port of the web functions', INGRESS_PORT))
    .option('--detach', 'return when it is ready, and leave it running')
    .option('--verbose', 'show stack traces')
    .action(up)
}

async function up(options: Options): Promise<void> {
  const dir = resolve(options.dir)
  try {
    await (options.detach ? upDetached(dir, options) : upHere(dir, options))
  } catch (error) {
    throw error instanceof CannotStart ? new ConfigurationError(error.message) : error
  }
}

async function upHere(dir: string, { port, ingressPort, ...keep }: Options): Promise<void> {
  // Whatever is stored is the owner's alone, also in a folder that was there before.
  process.umask(PRIVATE)
  const stopped = stopSignal()
  const log = (message: string) => printNote(`${new Date().toISOString()} ${message}`)
  const platform = await startLocal({
    dir,
    port,
    ingressPort,
    console: join(packageRoot(), 'dist', 'console'),
    log,
    variables: process.env,
    retention: retentionOf(keep),
  })
  describe(dir, platform)
  // Whoever started this in the background waits for the word.
  process.send?.('ready')
  await stopped
  // First, as Ctrl-C may come again as soon as that is said.
  let end: Promise<never> | undefined
  void stopSignal().then(() => {
    end = endAtOnce(dir)
  })
  printNote('Stopping: what runs has a few seconds to end, unless Ctrl-C comes again…')
  await platform.close()
  // With what runs killed, the platform closes as well, perhaps sooner than the killing has been seen to end.
  await end
  printNote('Stopped.')
}

/** Whoever does not want to wait is left no process either. */
async function endAtOnce(dir: string): Promise<never> {
  await killLeftovers(dir)
  return process.exit(1)
}

async function upDetached(dir: string, { port, ingressPort, ...keep }: Options): Promise<void> {
  const [, program = ''] = process.argv
  const ports = ['--port', `${port}`, '--ingress-port', `${ingressPort}`]
  describe(dir, await startDetached(dir, [program, 'up', '--dir', dir, ...ports, ...keepArguments(keep)]))
}

/** Asked for before the start, so that no signal is missed; nor does another one end the process, as nobody listens. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve())
  })
}

function describe(dir: string, { url, ingressUrl }: Pick<ControlPlaneFile, 'url' | 'ingressUrl'>): void {
  const isFoundFromHere = dir === resolve(DEFAULT_DIR)
  printDone('Sluice is running.')
  print(`  Console    ${url}`)
  print(`  API        ${url}`)
  print(`  Web        ${ingressUrl.replace('://', '://<label>.')}`)
  print(`  State      ${dir}`)
  print(`  Token      ${dir}/token`)
  print()
  if (!isFoundFromHere) print(`Let the command line find it:  export SLUICE_DIR=${dir}`)
  print('Deploy an app:                 sluice deploy app.ts')
  print('Look at it in a browser:       sluice dashboard')
  print(`Stop everything:               sluice down${isFoundFromHere ? '' : ` --dir ${dir}`}`)
}

function portOption(flags: string, description: string, port: number): Option {
  return new Option(flags, `${description}; 0 takes any free one`).default(port).argParser((text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number <= HIGHEST_PORT) return number
    throw new InvalidArgumentError(`A port is a number from 0 to ${HIGHEST_PORT}.`)
  })
}
