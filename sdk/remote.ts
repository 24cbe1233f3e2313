import type { CallView } from '../protocol/api.ts'
import { MAX_WAIT_SECONDS } from '../protocol/limits.ts'
import type { Api } from './api.ts'
import { type Client, defaultClient } from './client.ts'
import { currentCall } from './container.ts'
import { FunctionCall, hasEnded, outcomeOf } from './function-call.ts'
import { sendableArgs } from './payloads.ts'
import { inParallel } from './pool.ts'

/** Requests that `.map` has open at a time: enough to keep a pool of containers busy, few enough for one caller. */
const MAP_CONCURRENCY = 50

const CONTAINER_TOKEN = 'sct_'

/** Which deployed function is meant. */
export interface Target {
  app: string
  function: string
  env?: string | undefined
  /** The only version that may run it; the live one unless given. */
  version?: number | undefined
  client?: Client | undefined
}

export interface MapOptions {
  /** Requests open at a time. */
  concurrency?: number
}

/** What can be called where it is deployed, whether it was written here or is only known by its name. */
export abstract class RemoteCallable<Args extends unknown[], Result> {
  protected abstract target(): Promise<Target> | Target

  /** Which deployed function is called, for what of this SDK calls it in a way of its own. */
  static targetOf<Args extends unknown[], Result>(
    callable: RemoteCallable<Args, Result>,
  ): Promise<Target> | Target {
    return callable.target()
  }

  /**
   * Calls it and waits for its result.
   * @throws RemoteError with the function's own error · CancelledError · HttpError what the API refused
   */
  async remote(...args: Args): Promise<Awaited<Result>> {
    const target = await this.target()
    const client = target.client ?? defaultClient()
    const call = await begin(client.api, target, args, MAX_WAIT_SECONDS)
    const outcome = hasEnded(call) ? outcomeOf(call) : new FunctionCall(call.id, client).get()
    return (await outcome) as Awaited<Result>
  }

  /** Calls it and does not wait; the handle that comes back finds the result. */
  async spawn(...args: Args): Promise<FunctionCall<Awaited<Result>>> {
    const target = await this.target()
    const client = target.client ?? defaultClient()
    const { id } = await begin(client.api, target, args, 0)
    return new FunctionCall(id, client)
  }

  /**
   * Calls it once for every item, in as many containers as it may have.
   * @param options `returnErrors`: failures come back in their item's place instead of being thrown
   * @returns the results in the order of the items
   * @throws the first failure
   */
  map(
    items: Items<Args[0]>,
    options: MapOptions & { returnErrors: true },
  ): Promise<(Awaited<Result> | Error)[]>
  map(items: Items<Args[0]>, options?: MapOptions & { returnErrors?: false }): Promise<Awaited<Result>[]>
  async map(
    items: Items<Args[0]>,
    { concurrency = MAP_CONCURRENCY, returnErrors = false }: MapOptions & { returnErrors?: boolean } = {},
  ): Promise<(Awaited<Result> | Error)[]> {
    const calls = await inParallel(items, concurrency, (item) => this.spawn(...([item] as unknown as Args)))
    return inParallel(calls, concurrency, (call) => (returnErrors ? call.get().catch(asError) : call.get()))
  }
}

export type Items<Item> = Iterable<Item> | AsyncIterable<Item>

/**
 * Begins a call; the answer is held up to `wait` seconds for its end. The key makes a repeated request the same call, so
 * that a lost answer does not run it twice.
 */
export async function begin(
  api: Api,
  { app, function: name, env = api.config.env, version }: Target,
  args: unknown[],
  wait: number,
  idempotencyKey: string = crypto.randomUUID(),
): Promise<CallView> {
  return api.send('call', {
    params: { app, function: name },
    query: { env },
    body: {
      ...(await sendableArgs(api, args, env)),
      wait,
      idempotencyKey,
      ...(version !== undefined && { version }),
      ...parentOf(api),
    },
  })
}

/** The call that this one is made for; whoever comes with another token than the container's own has no say in that. */
function parentOf({ config: { token = '' } }: Api): { parent?: string } {
  const parent = currentCall()?.id
  return parent !== undefined && token.startsWith(CONTAINER_TOKEN) ? { parent } : {}
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))
