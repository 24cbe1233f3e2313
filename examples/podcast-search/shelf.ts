/**
 * Keeps one thing per edition in memory: made when first asked for, and again once there is a newer edition. Where that
 * fails, the one before goes on being used; without one, whoever asked gets the error and the next one tries again.
 */
export function keepCurrent<Thing>(
  currentEdition: () => string,
  make: (edition: string) => Promise<Thing>,
): () => Promise<Thing> {
  let kept: { edition: string; thing: Promise<Thing> } | undefined

  return () => {
    const edition = currentEdition()
    if (kept?.edition === edition) return kept.thing
    const before = kept
    const thing = make(edition).catch((error: unknown) => {
      kept = before && { ...before, edition }
      if (!before) throw error
      console.error(`The edition of ${edition} could not be made; that of ${before.edition} stays.`, error)
      return before.thing
    })
    kept = { edition, thing }
    return thing
  }
}
