import type { Posting, SearchIndex } from './inverted-index.ts'

export interface Ranked {
  episode: number
  score: number
  /** Where the words that were asked for begin in the text. */
  starts: number[]
}

/** BM25's usual two: how soon repeating a word stops to count, and how much a long text is held back. */
const SATURATION = 1.2
const LENGTH_WEIGHT = 0.75
/** A word in the title counts like so many in the text. */
const NAME_WEIGHT = 5

/** Prepares an index for many searches. The ranking is BM25 (Robertson and Zaragoza, 2009), best first. */
export function ranker({ episodes, words }: SearchIndex): (stems: string[]) => Ranked[] {
  const postingsOf = new Map(words)
  const meanLength = episodes.reduce((sum, { length }) => sum + length, 0) / episodes.length

  return (stems) => {
    const ranked = new Map<number, Ranked>()
    for (const stem of stems) {
      const postings = postingsOf.get(stem) ?? []
      for (const posting of postings) {
        const { episode, starts } = posting
        const relativeLength = (episodes[episode]?.length ?? meanLength) / meanLength
        const score = rarity(postings.length, episodes.length) * weight(posting, relativeLength)
        const sofar = ranked.get(episode) ?? { episode, score: 0, starts: [] }
        ranked.set(episode, {
          episode,
          score: sofar.score + score,
          starts: [...sofar.starts, ...starts],
        })
      }
    }
    return [...ranked.values()].sort((a, b) => b.score - a.score || a.episode - b.episode)
  }
}

function rarity(having: number, all: number): number {
  return Math.log(1 + (all - having + 0.5) / (having + 0.5))
}

function weight({ starts, named }: Posting, relativeLength: number): number {
  const times = starts.length + (named ? NAME_WEIGHT : 0)
  const damping = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relativeLength)
  return (times * (SATURATION + 1)) / (times + damping)
}
