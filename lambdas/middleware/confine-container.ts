import type { Principal } from '../../control/access.ts'
import type { Container } from '../../control/model.ts'
import type { Needs } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { Middleware } from '../exchange.ts'

/** Keeps a container's token within its container's own environment, on the routes that name one in their query. */
export function confineContainer(ports: Needs<'store'>): Middleware {
  return {
    before: async ({ context: { exchange } }) => {
      const { principal, input } = exchange
      if (principal?.kind !== 'container' || !namesEnvironment(input.query)) return
      await requireEnvironment(ports, principal, input.query.env)
    },
  }
}

/** @throws SluiceError where the sender is a container of another environment, or one that is no more. */
export async function requireEnvironment(
  ports: Needs<'store'>,
  principal: Principal,
  env: string,
): Promise<void> {
  if (principal.kind !== 'container') return
  const container = await requirePresence(ports, principal.id)
  if (container.env !== env) {
    throw new SluiceError(
      'forbidden',
      `Container ${principal.id} is of environment "${container.env}" and may not act in "${env}".`,
    )
  }
}

/** A container's token can be derived for ever, but opens nothing once the container has stopped. */
export async function requirePresence(ports: Needs<'store'>, containerId: string): Promise<Container> {
  const container = await ports.store.container(containerId)
  if (container && container.state !== 'stopped') return container
  throw new SluiceError('container_gone', `Container ${containerId} has stopped; its token opens nothing.`)
}

function namesEnvironment(query: unknown): query is { env: string } {
  return typeof query === 'object' && query !== null && 'env' in query
}
