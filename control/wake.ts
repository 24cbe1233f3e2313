import type { WaitedFor } from './call-store-port.ts'
import { keyOf } from './model.ts'
import type { Needs } from './ports.ts'

/** Web requests wait for a container of the function: so many; 0 once none does. */
export async function setWaiting(
  ports: Needs<'store' | 'worklist'>,
  whom: WaitedFor,
  waiting: number,
): Promise<void> {
  await ports.store.setWaiting(whom, waiting)
  if (waiting > 0) await ports.worklist.add(keyOf(whom))
}
