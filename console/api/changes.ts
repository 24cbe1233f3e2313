import { type QueryClient, useQueryClient } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import { send } from './client.ts'
import { eventsIn } from './events.ts'
import { setHeld, setStreamed } from './pace.ts'
import { Patience, seen, whileSeen } from './patience.ts'
import { ApiProblem } from './problem.ts'
import { Refresher } from './refresher.ts'

/** The control plane says something every 15 s: after more than two of those the connection is dead. */
const SILENCE_MS = 40_000
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
      yield events.map((data): string => JSON.parse(data).app)
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
