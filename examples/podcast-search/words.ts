export interface Word {
  stem: string
  /** Where it stands in the text: offsets as `slice` takes them. */
  start: number
  end: number
}

const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)*/gu
/** So frequent that they say nothing about a text. */
const STOP_WORDS = new Set(
  'a an and are as at be but by for he i in is it not of on or that the this to was we with you'.split(' '),
)
const SHORTEST_STEM = 3

/** The words of a text, in order. */
export function wordsIn(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    stem: stemOf(word),
    start: index,
    end: index + word.length,
  }))
}

/** What a query asks for, each once; stop words count only where there is nothing else. */
export function stemsOfQuery(query: string): string[] {
  const words = Array.from(query.matchAll(WORD), ([word]) => word.toLowerCase())
  const telling = words.filter((word) => !STOP_WORDS.has(word))
  return [...new Set((telling.length > 0 ? telling : words).map(stemOf))]
}

/** Joins the forms of a word: `Races`, `raced` and `racing` are one. Light on purpose: better to miss than to mix up. */
export function stemOf(word: string): string {
  const plain = word.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
  const spelled = plain
    .replace(/['’]s$/, '')
    .replace(/['’]d$/, 'ed')
    .replace(/['’]/g, '')
  return withoutFinalE(withoutVerbEnding(singular(spelled)))
}

function singular(word: string): string {
  if (word.length <= SHORTEST_STEM) return word
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, 'y')
  if (/(ss|sh|ch|x)es$/.test(word)) return word.replace(/es$/, '')
  return /[^siu]s$/.test(word) ? word.slice(0, -1) : word
}

function withoutVerbEnding(word: string): string {
  const base = word.replace(/(ing|(?<!e)ed)$/, '')
  if (base === word || base.length < SHORTEST_STEM || !/[aeiouy]/.test(base)) return word
  return base.replace(/([^aeiouls])\1$/, '$1')
}

function withoutFinalE(word: string): string {
  return word.length > SHORTEST_STEM ? word.replace(/e$/, '') : word
}
