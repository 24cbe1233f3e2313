import type { Episode, EpisodeFacts } from './transcript.ts'
import { wordsIn } from './words.ts'

/** What one episode has of a word. */
export interface Occurrence {
  /** Where the word begins in the text, each time. */
  starts: number[]
  /** Whether title or speaker have it too. */
  named: boolean
}

export interface Posting extends Occurrence {
  /** Its place in `SearchIndex.episodes`. */
  episode: number
}

export interface EpisodeIndex {
  facts: EpisodeFacts
  /** Words in the text. */
  length: number
  /** Pairs, because JSON has no `Map` and an object would confuse the word "constructor" with a method. */
  words: [stem: string, occurrence: Occurrence][]
}

/** All that a search needs to know; plain data, so that it can travel as the result of a call. */
export interface SearchIndex {
  /** The day that it was made for. */
  edition: string
  episodes: (EpisodeFacts & { length: number })[]
  words: [stem: string, postings: Posting[]][]
}

/** The half of the work that needs one episode only: many of these run side by side. */
export function indexOf({ text, ...facts }: Episode): EpisodeIndex {
  const inText = wordsIn(text)
  const words = new Map<string, Occurrence>()
  for (const { stem, start } of inText) entry(words, stem, newOccurrence).starts.push(start)
  for (const { stem } of wordsIn(`${facts.title} ${facts.speaker}`)) {
    entry(words, stem, newOccurrence).named = true
  }
  return { facts, length: inText.length, words: [...words] }
}

/** The half that needs them all. */
export function merge(edition: string, parts: EpisodeIndex[]): SearchIndex {
  const words = new Map<string, Posting[]>()
  for (const [episode, part] of parts.entries()) {
    for (const [stem, occurrence] of part.words) {
      entry(words, stem, (): Posting[] => []).push({ episode, ...occurrence })
    }
  }
  const episodes = parts.map(({ facts, length }) => ({ ...facts, length }))
  return { edition, episodes, words: [...words] }
}

const newOccurrence = (): Occurrence => ({ starts: [], named: false })

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
