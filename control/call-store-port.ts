import type { CallError, CallStatus, Payload } from '../protocol/calls.ts'
import type { AppKey } from '../protocol/names.ts'
import type { Call, CallDraft, Container, Demand } from './model.ts'
import type { Notice } from './notice-model.ts'
import type { Page, Paged } from './paging.ts'

export type AcceptCall =
  | { kind: 'accepted'; call: Call }
  | { kind: 'duplicate'; call: Call }
  /** The app is not deployed, or its live version is no longer the draft's. */
  | { kind: 'moved' }

/** A function whose web requests wait: that of the live version, or of the staged one `pin`. */
export interface WaitedFor extends AppKey {
  function: string
  pin?: number
}

export interface CallStore {
  acceptCall(draft: CallDraft): Promise<AcceptCall>
  call(id: string): Promise<Call | undefined>
  /** The call that was accepted under an idempotency key. */
  callByKey(key: AppKey, idempotencyKey: string): Promise<Call | undefined>
  /** Newest first. A page may be short of calls where few fit the filter: its cursor says that there may be more. */
  calls(
    key: AppKey,
    filter: { function?: string | undefined; status?: CallStatus | undefined; version?: number | undefined },
    page: Page,
  ): Promise<Paged<Call>>
  /** Those that were made for a call, oldest first. */
  childCalls(parent: string, page: Page): Promise<Paged<Call>>
  /**
   * pending → running, if the call is due and this container may have it: it is `ready`, and it is of the call's pin;
   * or the call has none and the container is of the live version, which is not older than the accepted one.
   */
  claimCall(id: string, container: Container, lease: string, at: number): Promise<Call | undefined>
  /** running → a terminal state, under the lease. False if the lease no longer holds. */
  finishCall(id: string, lease: string, end: CallEnd): Promise<boolean>
  /** running → pending, under the lease, to be run again. */
  releaseCall(
    id: string,
    lease: string,
    again: { availableAt: number; failed: boolean; error: CallError; at: number },
  ): Promise<boolean>
  /** Cancels it unless it has ended; what it was before, or undefined if there is no such call. */
  cancelCall(id: string, at: number, error: CallError): Promise<Call | undefined>
  /** Ends a pending call that nothing can run. */
  failCall(id: string, error: CallError, at: number, notice?: Notice): Promise<boolean>
  runningCalls(containerId: string): Promise<Call[]>
  /** Of those of the containers that run calls: how many, and when the oldest of them began. */
  callsInFlight(containerIds: string[]): Promise<InFlight[]>
  demand(key: AppKey, at: number): Promise<Demand[]>
  /** Pending calls of a function, oldest first: of this pin, or those without one. */
  pendingCalls(
    key: AppKey,
    functionName: string | undefined,
    pin: number | undefined,
    limit: number,
  ): Promise<Call[]>
  /** Calls that have been due since, whose hint may have been lost. */
  overdueCalls(since: number, limit: number): Promise<Call[]>
  /** Binds pending calls without a pin to the last version that has their function. */
  pinCalls(key: AppKey, functionName: string, version: number): Promise<void>
  /** Notes how many web requests wait for a container of the function. */
  setWaiting(whom: WaitedFor, waiting: number): Promise<void>
  /** Whether a call that the schedule made has not ended yet. */
  hasActiveScheduledCall(key: AppKey, functionName: string): Promise<boolean>
}

export interface InFlight {
  container: string
  calls: number
  oldest: number
}

export interface CallEnd {
  status: 'succeeded' | 'failed' | 'timed_out'
  result?: Payload
  error?: CallError
  at: number
  /** Written with the end, for whoever is to hear of it. */
  notice?: Notice
}
