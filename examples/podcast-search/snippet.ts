import { wordsIn } from './words.ts'

export interface Snippet {
  text: string
  /** What to highlight: pairs of offsets into `text`. */
  marks: [start: number, end: number][]
  /** Whether the episode goes on before and after it. */
  cut: { before: boolean; after: boolean }
}

const LENGTH = 220
/** Shown ahead of the first highlighted word. */
const LEAD = 40

/**
 * The stretch of a text that has the most of the words asked for.
 * @param starts where those words begin; with none, the text's beginning is shown.
 */
export function cutSnippet(text: string, starts: number[], stems: string[]): Snippet {
  const from = wordStart(text, bestStart(starts) - LEAD)
  const to = wordEnd(text, from + LENGTH)
  const piece = text.slice(from, to).replaceAll('\n', ' ')
  const marks = wordsIn(piece).filter(({ stem }) => stems.includes(stem))
  return {
    text: piece,
    marks: marks.map(({ start, end }) => [start, end]),
    cut: { before: from > 0, after: to < text.length },
  }
}

function bestStart(starts: number[]): number {
  const sorted = starts.toSorted((a, b) => a - b)
  const companions = (start: number) =>
    sorted.filter((other) => other >= start && other < start + LENGTH - LEAD).length
  return sorted.reduce((best, start) => (companions(start) > companions(best) ? start : best), sorted[0] ?? 0)
}

function wordStart(text: string, near: number): number {
  return near <= 0 ? 0 : text.slice(0, near).search(/\S*$/)
}

function wordEnd(text: string, near: number): number {
  return Math.min(text.length, near + text.slice(near).search(/\s|$/))
}
