import type { Query, QueryClient, QueryKey } from '@tanstack/preact-query'
import type { Asked } from './client.ts'
import { pause } from './patience.ts'

/** How often one looks at an app that changes all the time, and at a list of which always some app does. */
const APP_EVERY_MS = 500
const LIST_EVERY_MS = 2_000
/** What is about nobody's app, and what grows all the time and is asked for again now and then. */
const APART: readonly unknown[] = ['whoAmI', 'listEnvironments', 'getUsage', 'listUsage']

/** Has queries asked again that are about what has changed. */
export class Refresher {
  readonly #client: QueryClient
  readonly #lanes: readonly Lane[]

  constructor(client: QueryClient, env: string, gone: AbortSignal) {
    this.#client = client
    const ask = (isConcerned: (about: About) => boolean) =>
      askAgain(client, ({ queryKey }) => {
        const about = aboutIn(queryKey, env)
        return about !== undefined && isConcerned(about)
      })
    this.#lanes = [
      new Lane(APP_EVERY_MS, gone, (apps) => ask(({ app, id }) => (app ? apps.has(app) : id !== undefined))),
      new Lane(LIST_EVERY_MS, gone, () => ask(({ app, id }) => app === undefined && id === undefined)),
    ]
  }

  /** Whatever they are about. */
  all(): void {
    if (!document.hidden) void this.#client.invalidateQueries()
  }

  of(apps: string[]): void {
    for (const lane of this.#lanes) lane.add(apps)
  }
}

/** Looks after all apps that changed meanwhile at once, so often at most, and not before the last look is over. */
class Lane {
  readonly #everyMs: number
  readonly #gone: AbortSignal
  readonly #look: (apps: ReadonlySet<string>) => Promise<void>
  #apps = new Set<string>()
  #isBusy = false

  constructor(everyMs: number, gone: AbortSignal, look: (apps: ReadonlySet<string>) => Promise<void>) {
    this.#everyMs = everyMs
    this.#gone = gone
    this.#look = look
  }

  add(apps: string[]): void {
    for (const app of apps) this.#apps.add(app)
    if (!this.#isBusy) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    while (this.#apps.size > 0 && !this.#gone.aborted) {
      const apps = this.#apps
      this.#apps = new Set()
      await Promise.all([this.#look(apps), pause(this.#everyMs, this.#gone)])
    }
    this.#isBusy = false
  }
}

/** A page that is being added to a list comes first: to ask again meanwhile would call it off, each time anew. */
async function askAgain(client: QueryClient, isConcerned: (query: Query) => boolean): Promise<void> {
  const growing = client.getQueryCache().findAll({ predicate: isConcerned }).filter(isGrowing)
  const others = (query: Query) => isConcerned(query) && !growing.includes(query)
  await Promise.all([
    client.invalidateQueries({ predicate: others }),
    ...growing.map(async ({ promise, queryKey }) => {
      await promise?.catch(() => undefined)
      await client.invalidateQueries({ queryKey, exact: true })
    }),
  ])
}

const isGrowing = ({ state }: Query): boolean =>
  state.fetchStatus === 'fetching' && state.fetchMeta?.fetchMore !== undefined

interface About {
  app?: string | undefined
  /** Of a call, say: of which app it is, the query does not tell. */
  id?: string | undefined
}

/** What a query is about; undefined where that is nothing of the environment. */
function aboutIn([route, asked]: QueryKey, env: string): About | undefined {
  const { params = {}, query = {} } = (asked ?? {}) as Asked
  if (APART.includes(route) || (query.env ?? env) !== env) return undefined
  const app = params.app ?? query.app
  return { app: app?.toString(), id: params.id?.toString() }
}
