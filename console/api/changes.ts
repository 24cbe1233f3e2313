import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import { type Asked, send } from './client.ts'
import { eventsIn } from './events.ts'
import { setHeld, setStreamed } from './pace.ts'
import { Patience, pause, seen, whileSeen } from './patience.ts'
import { ApiProblem } from './problem.ts'

/** How often one looks at an app that changes all the time, and at a list of which always some app does. */
const APP_EVERY_MS = 500
const LIST_EVERY_MS = 2_000
/** The control plane says something every 15 s: after more than two of those the connection is dead. */
const SILENCE_MS = 40_000
/** What is about nobody's app, and what grows all the time and is asked for again now and then. */
const APART: readonly unknown[] = ['whoAmI', 'listEnvironments', 'getUsage', 'listUsage']

/** Has what is on the screen asked for again when it has changed, for as long as the environment is looked at. */
export function useChanges(env: string): void {
  const client = useQueryClient()
  useEffect(() => {
    const gone = new AbortController()
    void follow(client, env, gone.signal)
    return () => gone.abort()
  }, [client, env])
}

async function follow(client: QueryClient, env: string, gone: AbortSignal): Promise<void> {
  const patience = new Patience()
  const refresher = new Refresher(client, env, gone)
  for (await seen(gone); !gone.aborted; await seen(gone)) {
    const pieces = (signal: AbortSignal) => changedApps(env, signal)
    const end = await whileSeen(gone, (signal) => listen(pieces(signal), refresher, patience)).catch(
      (error: unknown) => error,
    )
    setStreamed(false)
    if (isNotStreamed(end)) setHeld(false)
    if (isForGood(end)) return
    if (!document.hidden) await patience.wait(gone)
  }
}

async function listen(
  pieces: AsyncIterable<string[]>,
  refresher: Refresher,
  patience: Patience,
): Promise<void> {
  let isOpen = false
  try {
    for await (const apps of pieces) {
      if (isOpen) patience.reset()
      // What changed while nobody listened is not told any more.
      else refresher.all()
      isOpen = true
      setStreamed(true)
      refresher.of(apps)
    }
  } finally {
    // Whether the control plane is still there, what is on the screen should say.
    if (isOpen) refresher.all()
  }
}

/**
 * The apps that change, in the pieces in which they are told; the first says that one is heard.
 * @throws ApiProblem, and whatever a connection that breaks off throws
 */
async function* changedApps(env: string, signal: AbortSignal): AsyncGenerator<string[]> {
  const silence = new AbortController()
  const awaitWord = () => setTimeout(() => silence.abort(), SILENCE_MS)
  let timer = awaitWord()
  try {
    const response = await send('changes', { query: { env } }, AbortSignal.any([signal, silence.signal]))
    for await (const events of eventsIn(response)) {
      clearTimeout(timer)
      timer = awaitWord()
      yield events.map(({ data }): string => JSON.parse(data).app)
    }
  } finally {
    clearTimeout(timer)
  }
}

const isNotStreamed = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'not_streamed'

/** A control plane that does not stream, or a token that may not look: asking again would change nothing. */
const isForGood = (error: unknown): boolean =>
  isNotStreamed(error) || (error instanceof ApiProblem && !error.isPassing)

/** Has queries asked again that are about what has changed. */
class Refresher {
  readonly #client: QueryClient
  readonly #lanes: readonly Lane[]

  constructor(client: QueryClient, env: string, gone: AbortSignal) {
    this.#client = client
    const ask = (isConcerned: (about: About) => boolean) =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => {
          const about = aboutIn(queryKey, env)
          return about !== undefined && isConcerned(about)
        },
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
