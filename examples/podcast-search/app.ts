import { App, Cron, mountPath } from 'sluice'
import { EDITION_HOUR, EDITION_TIMEZONE, editionAt } from './editions.ts'
import { type EpisodeIndex, indexOf, merge, type SearchIndex } from './inverted-index.ts'
import { readEpisode, readLibrary } from './library.ts'
import { type SearchResult, searcher } from './searching.ts'
import { keepCurrent } from './shelf.ts'
import { makeSite } from './site.ts'

const app = new App('podcast-search')

const transcripts = { '/transcripts': './transcripts' }
const folder = () => mountPath('/transcripts')
const today = () => editionAt(new Date())

export const indexEpisode = app.function(
  { files: transcripts, timeout: '30s', retries: 2, maxContainers: 4 },
  async (slug: string): Promise<EpisodeIndex> => indexOf(await readEpisode(folder(), slug)),
)

export const buildIndex = app.function(
  { files: transcripts, timeout: '5m', retries: 1 },
  async (edition: string): Promise<SearchIndex> => {
    const episodes = await readLibrary(folder(), edition)
    return merge(edition, await indexEpisode.map(episodes.map(({ slug }) => slug)))
  },
)

/** There is no database: a container builds the index for its first query, and again when a new edition is out. */
const currentSearch = keepCurrent(today, async (edition) =>
  searcher(await buildIndex.remote(edition), (slug) => readEpisode(folder(), slug)),
)

export const search = app.function(
  { files: transcripts, concurrency: 50, maxContainers: 1, scaledownWindow: '15m' },
  async (query: string): Promise<SearchResult> => (await currentSearch())(query),
)

export const refreshIndex = app.function(
  { files: transcripts, schedule: Cron(`0 ${EDITION_HOUR} * * *`, { timezone: EDITION_TIMEZONE }) },
  async () => {
    const episodes = await readLibrary(folder(), today())
    const fresh = episodes.filter(({ published }) => published === today()).map(({ title }) => title)
    // Any query makes the search container take on the day's edition, so that the first listener need not wait.
    const { edition } = await search.remote('good morning')
    console.log(`Edition of ${edition}: ${episodes.length} episodes, new: ${fresh.join(', ') || 'none'}`)
    return { edition, episodes: episodes.length, fresh }
  },
)

let site: ReturnType<typeof makeSite> | undefined

export const web = app.web(
  { files: { '/assets': './frontend', ...transcripts }, minContainers: 1 },
  (request) => {
    site ??= makeSite({
      folders: { '/assets': mountPath('/assets'), '/transcripts': folder() },
      search: (query) => search.remote(query),
      episodes: async () => ({ edition: today(), episodes: await readLibrary(folder(), today()) }),
      version: process.env.SLUICE_VERSION ?? 'none',
    })
    return site(request)
  },
)

export default app
