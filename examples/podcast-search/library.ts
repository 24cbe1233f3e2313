import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Episode, parseTranscript } from './transcript.ts'

const TRANSCRIPT = '.txt'

/** The episodes of a folder that have come out by the given day, the latest first. */
export async function readLibrary(folder: string, day: string): Promise<Episode[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(TRANSCRIPT))
  const episodes = await Promise.all(files.map((file) => readEpisode(folder, basename(file, TRANSCRIPT))))
  return episodes
    .filter(({ published }) => published <= day)
    .sort((a, b) => b.published.localeCompare(a.published))
}

export async function readEpisode(folder: string, slug: string): Promise<Episode> {
  return parseTranscript(slug, await readFile(join(folder, slug + TRANSCRIPT), 'utf8'))
}
