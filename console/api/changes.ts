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

/** Has what is on the screen asked for again when it has changed, for as long as the environment is looked at. */
export function useChanges(env: string): void {
  const client = useQueryClient()
  useEffect(() => {
    const gone = new AbortController()
    void follow(client, env, gone.signal)
    return () => {
      gone.abort()
      setStreamed(false)
    }
  }, [client, env])
}

async function follow(client: QueryClient, env: string, gone: AbortSignal): Promise<void> {
  const patience = new Patience()
  for (await seen(gone); !gone.aborted; await seen(gone)) {
    try {
      await whileSeen(gone, (signal) => listen(client, env, signal, patience))
    } catch (error) {
      if (isForGood(error)) return
    }
    if (gone.aborted) return
    setStreamed(false)
    if (document.hidden) continue
    // Whether the control plane is still there, what is on the screen should say.
    void client.invalidateQueries()
    await patience.wait(gone)
  }
}

/** A control plane that does not stream, or a token that may not look: asking again would change nothing. */
const isForGood = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 501 || (error.status >= 400 && error.status < 500))

async function listen(
  client: QueryClient,
  env: string,
  signal: AbortSignal,
  patience: Patience,
): Promise<void> {
  const silence = new AbortController()
  const quiet = () => setTimeout(() => silence.abort(), SILENCE_MS)
  const ended = AbortSignal.any([signal, silence.signal])
  let timer = quiet()
  try {
    const response = await send('changes', { query: { env } }, ended)
    const again = new Refresher(client, env, ended)
    for await (const events of eventsIn(response)) {
      clearTimeout(timer)
      timer = quiet()
      patience.reset()
      for (const { data } of events) again.changed(JSON.parse(data).app)
    }
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Has queries asked again: of all that changed meanwhile at once, and not before the answers have come. */
class Refresher {
  readonly #client: QueryClient
  readonly #env: string
  readonly #signal: AbortSignal
  #apps = new Set<string>()
  #isBusy = false

  constructor(client: QueryClient, env: string, signal: AbortSignal) {
    this.#client = client
    this.#env = env
    this.#signal = signal
    setStreamed(true)
    // What changed while nobody listened is not told any more.
    void client.invalidateQueries()
  }

  changed(app: string): void {
    this.#apps.add(app)
    if (!this.#isBusy) void this.#refresh()
  }

  async #refresh(): Promise<void> {
    this.#isBusy = true
    while (this.#apps.size > 0 && !this.#signal.aborted) {
      const apps = this.#apps
      this.#apps = new Set()
      const predicate = ({ queryKey }: { queryKey: QueryKey }) => isAbout(queryKey, this.#env, apps)
      await Promise.all([this.#client.invalidateQueries({ predicate }), pause(EVERY_MS, this.#signal)])
    }
    this.#isBusy = false
  }
}

/** What is about nobody's app, and what grows all the time and is asked for again now and then. */
const APART: readonly unknown[] = ['whoAmI', 'listEnvironments', 'getUsage']

/** What names no app may be about any. */
function isAbout([route, asked]: QueryKey, env: string, apps: ReadonlySet<string>): boolean {
  const { params, query } = (asked ?? {}) as Asked
  const app = params?.app ?? query?.app
  if (APART.includes(route)) return false
  return (query?.env ?? env) === env && (app === undefined || apps.has(String(app)))
}
