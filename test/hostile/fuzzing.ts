import fc, { type Arbitrary } from 'fast-check'

/** How many requests are sent in all; `SLUICE_FUZZ=1000000` sends a million. */
const REQUESTS = Number(process.env.SLUICE_FUZZ ?? 24_000)
/** What a failure printed, to see it again. */
const SEED = process.env.SLUICE_FUZZ_SEED
const PATH = process.env.SLUICE_FUZZ_PATH
/** At the same time. */
const MOST_AT_ONCE = 32
const AVERAGE_AT_ONCE = 12
/** What fails by chance, or slowly, is not worth more. */
const MOST_SHRINKS = 100

/** Sends batches of generated requests; a failure is made as small as it gets, and says how it is seen again. */
export async function fuzz<One>(
  requests: Arbitrary<One>,
  share: number,
  send: (batch: One[]) => Promise<void>,
): Promise<void> {
  const batches = fc.array(requests, { minLength: 1, maxLength: MOST_AT_ONCE, size: 'max' })
  let failures = 0
  let shrinks = 0
  const property = fc.asyncProperty(batches, async (batch) => {
    if (failures > 0) shrinks += 1
    if (shrinks > MOST_SHRINKS) throw new fc.PreconditionFailure(true)
    await send(batch).catch((error: unknown) => {
      failures += 1
      throw error
    })
  })
  await fc.assert(property, {
    numRuns: Math.max(1, Math.round((REQUESTS * share) / AVERAGE_AT_ONCE)),
    ...(SEED !== undefined && { seed: Number(SEED) }),
    ...(PATH !== undefined && { path: PATH }),
  })
}
