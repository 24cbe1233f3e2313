import type { Needs } from '../../control/ports.ts'
import { type SweepPorts, sweep } from '../../control/sweep.ts'

/** Once a minute: what no event told of, and apps whose turn was lost. */
export function makeSweepDueHandler(
  ports: SweepPorts & Needs<'worklist'> & { worklist: { resendLost(): Promise<void> } },
): () => Promise<void> {
  return async () => {
    await ports.worklist.resendLost()
    await sweep(ports)
  }
}
