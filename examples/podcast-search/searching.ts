import type { SearchIndex } from './inverted-index.ts'
import { type Ranked, ranker } from './ranking.ts'
import { cutSnippet, type Snippet } from './snippet.ts'
import type { Episode } from './transcript.ts'
import { stemsOfQuery } from './words.ts'

export interface Hit {
  slug: string
  title: string
  speaker: string
  year: number
  score: number
  snippet: Snippet
}

export interface SearchResult {
  query: string
  edition: string
  hits: Hit[]
}

const MAX_HITS = 10

/** Prepares an index for many searches; `read` fetches an episode's text for its snippet. */
export function searcher(
  index: SearchIndex,
  read: (slug: string) => Promise<Episode>,
): (query: string) => Promise<SearchResult> {
  const rank = ranker(index)

  return async (query) => {
    const stems = stemsOfQuery(query)
    const best = rank(stems).slice(0, MAX_HITS)
    const hits = await Promise.all(best.map((ranked) => hitOf(index, ranked, stems, read)))
    return { query, edition: index.edition, hits: hits.filter((hit) => hit !== undefined) }
  }
}

async function hitOf(
  index: SearchIndex,
  { episode, score, starts }: Ranked,
  stems: string[],
  read: (slug: string) => Promise<Episode>,
): Promise<Hit | undefined> {
  const facts = index.episodes[episode]
  if (!facts) return undefined
  const { slug, title, speaker, year } = facts
  const { text } = await read(slug)
  return { slug, title, speaker, year, score, snippet: cutSnippet(text, starts, stems) }
}
