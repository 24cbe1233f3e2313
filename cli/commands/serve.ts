import { dirname, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { toSeconds } from '../../sdk/durations.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { untilInterrupted } from '../interruption.ts'
import { Serving } from '../serving.ts'

const LEASE_SECONDS = 60
const SHORTEST_LEASE = 5
const LONGEST_LEASE = 3600

interface Options extends CommonOptions, EnvOption {
  name?: string
  lease?: number
}

export function registerServe(program: Command): void {
  withEnv(program.command('serve'))
    .description('try out an app: deploy it anew whenever a file changes, until Ctrl-C')
    .argument('<file>', 'the file whose default export is the app')
    .option('--name <name>', "serve under this name (default: the app's own, with -dev- and yours)")
    .option('--lease <time>', 'how long the app outlives a terminal that dies (default: 1m)', parseLease)
    .action(serve)
}

async function serve(file: string, { name, lease = LEASE_SECONDS, ...options }: Options): Promise<void> {
  const api = connect(options, [dirname(resolve(file))])
  const serving = new Serving({ api, file, name, leaseSeconds: lease, json: options.json === true })
  await serving.run(untilInterrupted())
}

function parseLease(text: string): number {
  const seconds = secondsIn(text)
  if (seconds >= SHORTEST_LEASE && seconds <= LONGEST_LEASE) return seconds
  throw new InvalidArgumentError('Write how long, from 5s to 1h, such as 30s.')
}

function secondsIn(text: string): number {
  try {
    return toSeconds(text, 'lease')
  } catch {
    return Number.NaN
  }
}
