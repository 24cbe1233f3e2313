import { type Command, InvalidArgumentError } from 'commander'
import type { AutoscalerPatch, AutoscalerView } from '../../protocol/autoscaler.ts'
import type { Api } from '../../sdk/api.ts'
import { clientName } from '../../sdk/deploy/package.ts'
import { toSeconds } from '../../sdk/durations.ts'
import { type AppReference, about, parseFunction } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { print, printDone, printFailure, printJson } from '../terminal.ts'
import { span } from '../times.ts'

/** They repeat the manifest's schema because that one carries the validator, which takes long to load. */
const FIELDS = ['minContainers', 'maxContainers', 'bufferContainers', 'scaledownWindow'] as const

interface Options extends CommonOptions, EnvOption {
  min?: number
  max?: number
  buffer?: number
  scaledown?: number
  reset?: true
  reason?: string
}

export function registerAppAutoscaler(app: Command): void {
  withEnv(app.command('autoscaler'))
    .description('change how a function is scaled, at once and without a deploy')
    .argument('<app.function>', 'the function', parseFunction)
    .option('--min <containers>', 'kept warm, idle or not', parseCount)
    .option('--max <containers>', 'at most', parseCount)
    .option('--buffer <containers>', 'idle ones beyond those that work, while any work', parseCount)
    .option('--scaledown <time>', 'how long one may be idle before it is let go, such as 90s', parseSpan)
    .option('--reset', 'give what is not named here back to the manifest')
    .option('--reason <reason>', 'why, for the history')
    .action(autoscaler)
}

async function autoscaler(reference: AppReference & { function: string }, options: Options): Promise<void> {
  const api = connect(options)
  const patch = patchOf(options)
  const view =
    Object.keys(patch).length === 0
      ? await look(api, reference)
      : await change(api, reference, patch, options.reason)
  if (!view) {
    printFailure(`${reference.app} has no function "${reference.function}" that is live.`)
    process.exitCode = FAILED
  } else if (options.json) printJson(view)
  else report(view)
}

async function change(
  api: Api,
  reference: AppReference & { function: string },
  patch: AutoscalerPatch,
  reason: string | undefined,
): Promise<AutoscalerView> {
  const { params, query } = about(api, reference)
  return api.send('changeAutoscaler', {
    params: { ...params, function: reference.function },
    query,
    body: { ...patch, client: clientName('cli'), ...(reason && { reason }) },
  })
}

/** How it is, where nothing is to be changed. */
async function look(
  api: Api,
  reference: AppReference & { function: string },
): Promise<AutoscalerView | undefined> {
  const {
    name: app,
    env,
    liveVersion: version = 0,
    functions,
  } = await api.send('getApp', about(api, reference))
  const found = functions.find(({ name }) => name === reference.function)
  if (!found) return undefined
  const { minContainers, maxContainers, bufferContainers, scaledownWindow, authored } = found.spec
  const settings = { minContainers, maxContainers, bufferContainers, scaledownWindow, authored }
  return { app, env, function: found.name, version, ...settings, overrides: found.overrides ?? {} }
}

function patchOf({ min, max, buffer, scaledown, reset }: Options): AutoscalerPatch {
  const none = Object.fromEntries(FIELDS.map((field) => [field, null]))
  return {
    ...(reset && none),
    ...(min !== undefined && { minContainers: min }),
    ...(max !== undefined && { maxContainers: max }),
    ...(buffer !== undefined && { bufferContainers: buffer }),
    ...(scaledown !== undefined && { scaledownWindow: scaledown }),
  }
}

/** What holds now, and for how long. */
function report(view: AutoscalerView): void {
  const { minContainers, maxContainers, bufferContainers, scaledownWindow } = view
  printDone(
    `${view.function} of ${view.app}: ${minContainers} to ${maxContainers} containers, ${bufferContainers} more as a buffer, let go when idle for ${span(scaledownWindow)}.`,
  )
  const set = FIELDS.filter((field) => view.overrides[field] !== undefined)
  const passing = set.filter((field) => view.authored.includes(field))
  const lasting = set.filter((field) => !passing.includes(field))
  if (set.length === 0) print('That is what its manifest says.')
  if (lasting.length > 0) {
    print(`Deploys keep ${lasting.join(' and ')} so, until one sets it in its manifest.`)
  }
  if (passing.length > 0) {
    print(
      `The next deploy ends what was set for ${passing.join(' and ')}, if its manifest still sets it, as v${view.version} does.`,
    )
  }
}

function parseCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a number of containers, such as 2.')
}

function parseSpan(text: string): number {
  try {
    return toSeconds(/^\d+$/.test(text) ? Number(text) : text, 'scaledown')
  } catch {
    throw new InvalidArgumentError('Write how long, such as 90s or 5m.')
  }
}
