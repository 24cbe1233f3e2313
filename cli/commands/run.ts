import { randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CallView } from '../../protocol/api.ts'
import { nearest } from '../../protocol/nearest.ts'
import { own } from '../../protocol/own.ts'
import type { Api } from '../../sdk/api.ts'
import { DeployFault } from '../../sdk/deploy/fault.ts'
import { type Prepared, prepare } from '../../sdk/deploy/prepare.ts'
import { begin } from '../../sdk/remote.ts'
import { parseList, parseWord } from '../call-arguments.ts'
import { withLog } from '../call-log.ts'
import { printOutcome, untilEnded } from '../call-outcome.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { deployEphemeral, type Ephemeral, endEphemeral, keepAlive, renamed, suffixed } from '../ephemeral.ts'
import { unlessAborted, untilInterrupted } from '../interruption.ts'
import { reportFailed } from '../rollout.ts'
import { clearStatus, printJson, printNote, showStatus } from '../terminal.ts'

const LEASE_SECONDS = 60
const SUFFIX_BYTES = 3

interface Target {
  file: string
  function: string | undefined
}

interface Options extends CommonOptions, EnvOption {
  argsJson?: unknown[]
}

export function registerRun(program: Command): void {
  withEnv(program.command('run'))
    .description('run a function of a file once, as an app that is gone afterwards')
    .argument('<file::function>', 'the file, and the name of its function', parseTarget)
    .argument('[args...]', 'its arguments: JSON, or text where it is no JSON')
    .addOption(new Option('--args-json <list>', 'its arguments, as one JSON list').argParser(parseList))
    .action(run)
}

async function run(target: Target, words: string[], options: Options): Promise<void> {
  showStatus('Bundling…')
  const prepared = await prepare(target.file, { color: process.stderr.isTTY && process.stderr.hasColors() })
  if (prepared.warnings) printNote(prepared.warnings)
  const name = callableIn(prepared, target)
  const api = connect(options, [dirname(resolve(target.file))])
  const suffix = `run-${randomBytes(SUFFIX_BYTES).toString('hex')}`
  const app = suffixed(prepared.manifest.app, suffix)
  const ephemeral: Ephemeral = { app, env: api.config.env, leaseSeconds: LEASE_SECONDS }
  const args = options.argsJson ?? words.map(parseWord)
  const ended = await callOnce(api, withoutWarmPools(renamed(prepared, app, suffix)), ephemeral, {
    name,
    args,
  })
  if (ended?.status !== 'succeeded') process.exitCode = FAILED
  if (!ended) return
  if (options.json) printJson(ended)
  else await printOutcome(ended)
}

/** @returns how the call ended; nothing where it could not be made, which has been told, or was interrupted */
async function callOnce(
  api: Api,
  prepared: Prepared,
  ephemeral: Ephemeral,
  { name, args }: { name: string; args: unknown[] },
): Promise<CallView | undefined> {
  const interrupted = untilInterrupted()
  const over = new AbortController()
  let isOurs = false
  const alive = keepAlive(api, ephemeral, over.signal)
  try {
    showStatus('Starting…')
    const deployed = deployEphemeral(api, prepared, ephemeral, () => {
      isOurs = true
    })
    const version = await unlessAborted(deployed, interrupted)
    clearStatus()
    if (!version) return undefined
    if (version.liveAt === undefined) {
      reportFailed(version, undefined)
      return undefined
    }
    const begun = await begin(api, { app: ephemeral.app, env: ephemeral.env, function: name }, args, 0)
    return await unlessAborted(withLog(api, begun, untilEnded(api, begun), { ofWholeApp: true }), interrupted)
  } finally {
    over.abort()
    await alive
    if (isOurs) await endEphemeral(api, ephemeral, 'its run has ended')
  }
}

/** What runs once needs nothing kept warm. */
function withoutWarmPools(prepared: Prepared): Prepared {
  const functions = Object.entries(prepared.manifest.functions).map(([name, spec]) => [
    name,
    { ...spec, minContainers: 0 },
  ])
  return { ...prepared, manifest: { ...prepared.manifest, functions: Object.fromEntries(functions) } }
}

/** @throws DeployFault where the file has no such function, or one that cannot be called */
function callableIn({ manifest }: Prepared, { file, function: asked }: Target): string {
  const all = Object.entries(manifest.functions)
  const callable = all.filter(([, { kind }]) => kind !== 'web').map(([name]) => name)
  const [only] = callable
  if (asked === undefined && callable.length === 1 && only !== undefined) return only
  if (asked !== undefined && callable.includes(asked)) return asked
  if (asked !== undefined && own(manifest.functions, asked))
    throw new DeployFault(`${asked} is a web function. Try it out with "sluice serve ${file}".`)
  const near = asked === undefined ? undefined : nearest(asked, callable)
  const has = callable.length === 0 ? 'no function that can be called' : callable.join(', ')
  const hint = near === undefined ? `It has ${has}.` : `Did you mean "${near}"?`
  const what = asked === undefined ? 'does not say which function' : `has no function "${asked}"`
  throw new DeployFault(`${file} ${what}. ${hint}`)
}

function parseTarget(text: string): Target {
  const [file = '', name, ...rest] = text.split('::')
  if (file === '' || name === '' || rest.length > 0)
    throw new InvalidArgumentError('Write a function as FILE::FUNCTION, such as app.ts::greet.')
  return { file, function: name }
}
