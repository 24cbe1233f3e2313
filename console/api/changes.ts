import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import { type Asked, send } from './client.ts'
import { eventsIn } from './events.ts'
import { setStreamed } from './pace.ts'
import { Patience, pause, seen, whileSeen } from './patience.ts'
import { ApiProblem } from './problem.ts'

/** An app that changes all the time is looked at this often. */
const EVERY_MS = 500
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

/** A control plane that does not stream, or a token that may not look: asking again would change nothing. */
const isForGood = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.code === 'not_streamed' || !error.isPassing)

/** Has queries asked again: about all apps that changed meanwhile at once, and not before the answers have come. */
class Refresher {
  readonly #client: QueryClient
  readonly #env: string
  readonly #gone: AbortSignal
  #apps = new Set<string>()
  #isBusy = false

  constructor(client: QueryClient, env: string, gone: AbortSignal) {
    this.#client = client
    this.#env = env
    this.#gone = gone
  }

  /** Whatever they are about. */
  all(): void {
    if (!this.#gone.aborted && !document.hidden) void this.#client.invalidateQueries()
  }

  of(apps: string[]): void {
    for (const app of apps) this.#apps.add(app)
    if (!this.#isBusy) void this.#refresh()
  }

  async #refresh(): Promise<void> {
    this.#isBusy = true
    while (this.#apps.size > 0 && !this.#gone.aborted) {
      const apps = this.#apps
      this.#apps = new Set()
      const predicate = ({ queryKey }: { queryKey: QueryKey }) => isAbout(queryKey, this.#env, apps)
      await Promise.all([this.#client.invalidateQueries({ predicate }), pause(EVERY_MS, this.#gone)])
    }
    this.#isBusy = false
  }
}

/** What names no app may be about any. */
function isAbout([route, asked]: QueryKey, env: string, apps: ReadonlySet<string>): boolean {
  if (APART.includes(route)) return false
  const { params, query } = (asked ?? {}) as Asked
  const app = params?.app ?? query?.app
  return (query?.env ?? env) === env && (app === undefined || apps.has(String(app)))
}
