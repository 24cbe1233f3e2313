import * as runtime from '../../control/runtime.ts'
import type { Surroundings } from './line.ts'

/** For how long a request of a container may be held after its end. */
const HELD_MS = 500

/** The platform tells of it late, twice, or not at all: then only silence tells. */
export function tellExit(id: string, { time, random, injector }: Surroundings, tell: () => void): void {
  if (injector.occurs('unseenExit', id)) return
  const times = injector.occurs('doubledExit', id) ? 2 : 1
  for (let i = 0; i < times; i++) {
    const delay = injector.occurs('lateExit', id) ? random.between(2_000, 60_000) : random.between(1, 50)
    time.after(delay, tell)
  }
}

/** As a request that is held: until it is given something, or the container is known to be gone. */
export async function goOnAsking(id: string, { time, ports }: Surroundings): Promise<void> {
  const until = time.now + HELD_MS
  while (time.now < until) {
    const answer = await runtime.next(ports(), id, { completed: [], free: 1 }).catch(() => undefined)
    if (answer?.directive !== 'work' || answer.inputs.length > 0) return
    await time.sleep(1)
  }
}
