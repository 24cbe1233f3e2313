import type { AutoscalerPatch, Overrides } from '../protocol/autoscaler.ts'
import { SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { own } from '../protocol/own.ts'
import { auditEntry } from './audit.ts'
import { findApp, findFunction, findLive } from './find.ts'
import { keyOf, type Version } from './model.ts'
import { effective, merged } from './overrides.ts'
import { UNSEEN_MS } from './policy.ts'
import type { Needs } from './ports.ts'

export interface ChangeAutoscaler {
  key: AppKey
  function: string
  patch: AutoscalerPatch
  by: string
  reason?: string | undefined
  client?: string | undefined
}

type ChangePorts = Needs<'clock' | 'ids' | 'store' | 'worklist'>

export interface Autoscaler {
  live: Version
  function: string
  /** As it is to be run. */
  spec: FunctionSpec
  overrides: Overrides
}

/**
 * Changes how a function is scaled, at once and without a deploy: containers are started or let go, none is replaced.
 * Where another version goes live meanwhile, it is a change of that one.
 * @throws SluiceError where there is no such function live, or the settings contradict each other.
 */
export async function changeAutoscaler(ports: ChangePorts, request: ChangeAutoscaler): Promise<Autoscaler> {
  for (;;) {
    const changed = await attempt(ports, request)
    if (changed) return changed
  }
}

async function attempt(
  ports: ChangePorts,
  { key, function: name, patch, ...request }: ChangeAutoscaler,
): Promise<Autoscaler | undefined> {
  const live = await findLive(ports, key)
  const authored = findFunction(live, name)
  const { autoscaler } = await findApp(ports, key)
  const before = own(autoscaler, name) ?? {}
  const wished = merged(before, patch)
  refuseContradiction(authored, wished)
  const { client, reason, by } = request
  const entry = auditEntry(ports, {
    ...keyOf(key),
    action: 'autoscaler.changed',
    by,
    version: live.version,
    function: name,
    ...(client !== undefined && { client }),
    ...(reason !== undefined && { reason }),
    before: inWords(before),
    after: inWords(wished),
  })
  // Whoever dies after the next line, and before it is said that there is work, must not leave it unseen.
  await ports.worklist.add(keyOf(key), ports.clock.now() + UNSEEN_MS)
  const app = await ports.store.changeAutoscaler(key, { function: name, patch, live: live.version }, entry)
  if (!app) return undefined
  await ports.store.durable()
  await ports.worklist.add(keyOf(key))
  const overrides = own(app.autoscaler, name) ?? {}
  return { live, function: name, spec: effective(authored, overrides), overrides }
}

function refuseContradiction(spec: FunctionSpec, overrides: Overrides): void {
  const { minContainers, maxContainers } = { ...spec, ...overrides }
  if (minContainers <= maxContainers) return
  const field = overrides.minContainers === undefined ? 'maxContainers' : 'minContainers'
  const message = `would leave minContainers at ${minContainers}, above maxContainers at ${maxContainers}`
  throw new SluiceError('invalid_request', `${field} ${message}. Set both.`, [{ path: field, message }])
}

function inWords(overrides: Overrides): string {
  const words = Object.entries(overrides).map(([field, value]) => `${field} ${value}`)
  return words.length > 0 ? words.join(', ') : 'as the manifest has it'
}
