import { type CollectUnusedPorts, collectUnused } from '../../control/collect-unused.ts'

/** Now and then: contents and versions of secrets that nothing needs. */
export function makeCollectionDueHandler(ports: CollectUnusedPorts): () => Promise<void> {
  return async () => {
    await collectUnused(ports)
  }
}
