import { distance } from 'fastest-levenshtein'

/** Words further apart than this share of the longer one are not taken for each other. */
const MAX_SHARE = 0.5

/** The candidate that `word` was probably meant to be: a few keystrokes away, whatever the case; undefined if none is. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; share: number } | undefined
  for (const candidate of candidates) {
    const share = shareToRetype(word, candidate)
    if (share <= MAX_SHARE && (best === undefined || share < best.share)) best = { candidate, share }
  }
  return best?.candidate
}

function shareToRetype(word: string, candidate: string): number {
  const keystrokes = distance(word.toLowerCase(), candidate.toLowerCase())
  return keystrokes / Math.max(word.length, candidate.length, 1)
}
