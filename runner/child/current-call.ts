import { AsyncLocalStorage } from 'node:async_hooks'

export interface CurrentCall {
  id: string
  pinned: boolean
  signal: AbortSignal
}

const storage = new AsyncLocalStorage<CurrentCall>()

/** The call that the running code belongs to, if any. */
export const currentCall = (): CurrentCall | undefined => storage.getStore()

export const withinCall = <Result>(call: CurrentCall, run: () => Result): Result => storage.run(call, run)
