import { containerToken } from './access.ts'
import type { Action, Effect } from './action.ts'
import type { Container } from './model.ts'
import type { Observation } from './observation.ts'
import type { Needs } from './ports.ts'

type LaunchPorts = Needs<'clock' | 'compute' | 'keys' | 'store'>

export async function start(
  ports: LaunchPorts & Needs<'ids'>,
  seen: Observation,
  action: Action & { do: 'start' },
): Promise<Effect> {
  const container: Container = {
    env: seen.app.env,
    app: seen.app.app,
    id: ports.ids.next('co'),
    function: action.function,
    version: action.version,
    state: 'starting',
    running: 0,
    requests: 0,
    launched: false,
    startedAt: seen.now,
    seenAt: seen.now,
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
  await ports.store.containerLaunched(container.id)
  return 'none'
}

/** Its place is free again; what it was to do waits, and is tried anew. */
async function giveUp({ store, clock }: LaunchPorts, { id }: Container, reason: string): Promise<Effect> {
  await store.containerFailed(id, { kind: 'refused', message: reason, logs: [] })
  await store.containerStopped(id, `was not started: ${reason}`, clock.now())
  return 'changed'
}
