import { keyOf } from './model.ts'
import type { Needs } from './ports.ts'
import type { EndpointOwner } from './store-port.ts'

/** Web requests wait for a container of the function: so many; 0 once none does. */
export async function setWaiting(
  ports: Needs<'store' | 'worklist'>,
  owner: EndpointOwner,
  waiting: number,
): Promise<void> {
  await ports.store.setWaiting(keyOf(owner), owner.function, waiting)
  if (waiting > 0) await ports.worklist.add(keyOf(owner))
}
