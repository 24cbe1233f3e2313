import type { Action } from '../../control/action.ts'
import type { Container, Version } from '../../control/model.ts'
import type { Observation } from '../../control/observation.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'
import { DEFAULT_RETENTION } from '../../protocol/retention.ts'

export const NOW = 1_000_000

/** A world to plan for, told in the words of the plan: what differs from a quiet app is given. */
export function observe(given: {
  live?: Version
  rolling?: Version[]
  staged?: Version[]
  containers?: Container[]
  failed?: Container[]
  demand?: Observation['demand']
  usage?: Observation['usage']
  app?: Partial<Observation['app']>
}): Observation {
  const { live, rolling = [], staged = [], containers = [], failed = [], demand = [] } = given
  const known = [...(live ? [live] : []), ...rolling, ...staged]
  return {
    now: NOW,
    launchMs: 0,
    retention: DEFAULT_RETENTION,
    app: {
      env: 'main',
      app: 'shop',
      state: 'deployed',
      lastVersion: Math.max(0, ...known.map(({ version }) => version)),
      createdAt: 0,
      ...(live && { liveVersion: live.version, settledVersion: live.version }),
      ...given.app,
    },
    ...(live && { live }),
    rolling,
    staged,
    containers,
    failed,
    demand,
    ...(given.usage && { usage: given.usage }),
    specs: new Map(known.map(({ version, manifest }) => [version, manifest.functions])),
    labels: new Map(known.map((one) => [one.version, new Map(labelsOf(one))])),
    aliases: new Map(
      staged.flatMap((one) => labelsOf(one).map(([label]) => [label, label.split('--')[0] ?? ''])),
    ),
  }
}

export function version(
  number: number,
  functions: Record<string, FunctionSpecInput>,
  more: Partial<Version> = {},
): Version {
  const manifest = Manifest.parse({
    app: 'shop',
    bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
    functions,
  })
  const told = { step: 'cutover', state: 'done', at: new Date(0).toISOString() } as const
  const drained = { ...told, step: 'drain' } as const
  return {
    env: 'main',
    app: 'shop',
    version: number,
    status: 'live',
    origin: 'deploy',
    strategy: 'rolling',
    client: 'test',
    deployedBy: 'ann',
    deployedAt: 0,
    manifest,
    manifestHash: String(number),
    steps: [told, drained],
    ...more,
  }
}

export const staged = (
  number: number,
  functions: Record<string, FunctionSpecInput>,
  more: Partial<Version> = {},
) => version(number, functions, { status: 'staged', staged: true, steps: [], ...more })

export const rolling = (
  number: number,
  functions: Record<string, FunctionSpecInput>,
  more: Partial<Version> = {},
) => version(number, functions, { status: 'rolling', steps: [], ...more })

let containers = 0

export function container(ofVersion: number, name: string, more: Partial<Container> = {}): Container {
  const id = `co-${++containers}`
  return {
    env: 'main',
    app: 'shop',
    id,
    function: name,
    version: ofVersion,
    state: 'ready',
    address: `${id}:80`,
    running: 0,
    requests: 0,
    startedAt: NOW - 1000,
    readyAt: NOW - 500,
    seenAt: NOW,
    idleSince: NOW,
    launched: true,
    ...more,
  }
}

/** A plan in short: `start work v2`, `drain co-1`, `cutOver v2`, `point page → co-3 co-4`. */
export function inShort(actions: Action[]): string[] {
  return actions.flatMap((action) => {
    switch (action.do) {
      case 'start':
        return [`start ${action.function} v${action.version}`]
      case 'drain':
      case 'kill':
        return [`${action.do} ${action.container}`]
      case 'point':
        return [
          `point ${action.endpoint.function} → ${action.targets.map((target) => target.container).join(' ')}`.trim(),
        ]
      case 'cutOver':
      case 'fail':
      case 'supersede':
      case 'rollBack':
        return [`${action.do} v${action.version}`]
      case 'failCalls':
        return [`failCalls ${action.function}${action.pin === undefined ? '' : ` v${action.pin}`}`]
      case 'step':
        return []
      default:
        return [action.do]
    }
  })
}

function labelsOf({ manifest, status, version }: Version): [string, string][] {
  const web = Object.entries(manifest.functions).filter(([, spec]) => spec.kind === 'web')
  return web.map(([name]) => [`shop-${name}${status === 'staged' ? `--v${version}` : ''}`, name])
}
