export interface EpisodeFacts {
  slug: string
  title: string
  speaker: string
  year: number
  /** The day, `YYYY-MM-DD`, from which it may be found. */
  published: string
  source: string
}

export interface Episode extends EpisodeFacts {
  text: string
}

/**
 * Reads a transcript: lines such as `Title: …`, an empty line, the text.
 * @throws Error naming the file and every line that it lacks.
 */
export function parseTranscript(slug: string, content: string): Episode {
  const [head = '', ...paragraphs] = content.replaceAll('\r\n', '\n').split('\n\n')
  const facts = new Map(head.split('\n').map(splitAtColon))
  const missing = ['title', 'speaker', 'year', 'published', 'source'].filter((name) => !facts.get(name))
  if (missing.length > 0) throw new Error(`${slug}.txt lacks a line for: ${missing.join(', ')}`)
  const fact = (name: string): string => facts.get(name) ?? ''
  return {
    slug,
    title: fact('title'),
    speaker: fact('speaker'),
    year: Number(fact('year')),
    published: fact('published'),
    source: fact('source'),
    text: paragraphs.join('\n\n').trim(),
  }
}

function splitAtColon(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
}
