import { type CollectBlobsPorts, collectBlobs } from '../../control/collect-blobs.ts'

/** Now and then: contents that nothing refers to. */
export function makeCollectionDueHandler(ports: CollectBlobsPorts): () => Promise<void> {
  return async () => {
    await collectBlobs(ports)
  }
}
