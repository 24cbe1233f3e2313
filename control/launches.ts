import { containerToken } from './access.ts'
import type { Action, Effect } from './action.ts'
import { type Container, keyOf } from './model.ts'
import type { Observation } from './observation.ts'
import type { Needs } from './ports.ts'
import { containerTold } from './story.ts'

type LaunchPorts = Needs<'clock' | 'compute' | 'keys' | 'logs' | 'store'>

export async function start(
  ports: LaunchPorts & Needs<'ids'>,
  seen: Observation,
  action: Action & { do: 'start' },
): Promise<Effect> {
  const spec = seen.specs.get(action.version)?.[action.function]
  const container: Container = {
    env: seen.app.env,
    app: seen.app.app,
    id: ports.ids.next('co'),
    function: action.function,
    version: action.version,
    state: 'starting',
    running: 0,
    requests: 0,
    ...(seen.staged.some(({ version }) => version === action.version) && { apart: true }),
    launched: false,
    startedAt: seen.now,
    seenAt: seen.now,
    ...(spec && {
      cpu: spec.cpu,
      memory: spec.memory,
      callSeconds: spec.startupTimeout + spec.timeout,
    }),
  }
  const limits = { expect: action.active, max: action.max }
  if (!(await ports.store.reserveContainer(container, limits))) return 'refused'
  await launch(ports, seen, container)
  return 'changed'
}

export async function launch(ports: LaunchPorts, seen: Observation, container: Container): Promise<Effect> {
  const spec = seen.specs.get(container.version)?.[container.function]
  if (!spec) return 'none'
  const token = containerToken(ports.keys, container.id)
  const launched = await ports.compute.launch({ container, spec, token })
  if (launched.kind === 'refused') return giveUp(ports, container, launched.reason)
  await ports.logs.write(keyOf(container), [containerTold(container, 'starts', 'starts', seen.now)])
  await ports.store.containerLaunched(container.id)
  return 'none'
}

/** Its place is free again; what it was to do waits, and is tried anew. */
async function giveUp(
  { store, clock, logs }: LaunchPorts,
  container: Container,
  reason: string,
): Promise<Effect> {
  const { id } = container
  const why = `was not started: ${reason}`
  await store.containerFailed(id, { kind: 'refused', message: reason, logs: [] })
  await logs.write(keyOf(container), [containerTold(container, 'stopped', why, clock.now())])
  await store.containerStopped(id, why, clock.now())
  return 'changed'
}
