import { setTimeout as sleep } from 'node:timers/promises'
import type { CallError } from '../protocol/calls.ts'
import type { Check } from '../protocol/runtime.ts'
import type { FromChild, ToChild } from './ipc.ts'

/** What a web function that answers, but not well, is given to come to itself: it may still connect to what it needs. */
const PATIENCE_MS = 10_000
const AGAIN_MS = 500
const LEAST_MS = 1_000
/** Characters of an answer that tell what is wrong. */
const MAX_WORDS = 500
/** No call has it: their leases are made by the control plane. */
const LEASE = 'check'

export interface CheckNeeds {
  check: Check
  /** By `performance.now()`: the container has no more time to become ready. */
  deadline: number
  send: (message: ToChild) => void
  /** Brought by requests of the check as their token, where the function asks for one. */
  pass: string | undefined
}

/** What must succeed before the container says that it is ready. Runs once. */
export class StartCheck {
  readonly #needs: CheckNeeds
  readonly #verdict = Promise.withResolvers<CallError | undefined>()
  #begun = false

  constructor(needs: CheckNeeds) {
    this.#needs = needs
  }

  /** @returns why it was not passed */
  async run(listening: { host: string; port: number } | undefined): Promise<CallError | undefined> {
    if (this.#begun) return this.#verdict.promise
    this.#begun = true
    const { check, deadline } = this.#needs
    const limitMs = Math.max(LEAST_MS, deadline - performance.now())
    const late = `It had not succeeded within ${Math.round(limitMs / 1000)} s.`
    const timer = setTimeout(() => this.#fail(late), limitMs)
    if ('call' in check)
      this.#needs.send({ type: 'call', lease: LEASE, callId: LEASE, pinned: true, args: '[]' })
    else this.#get(listening, check.path).then((fault) => this.#end(fault))
    return this.#verdict.promise.finally(() => clearTimeout(timer))
  }

  /** True where the message was about the check, and about no call. */
  heard(message: FromChild): boolean {
    if ((message.type !== 'returned' && message.type !== 'threw') || message.lease !== LEASE) return false
    if (message.type === 'returned') this.#end(undefined)
    else this.#verdict.resolve(failed(`${message.error.name}: ${message.error.message}`, message.error.stack))
    return true
  }

  /** The process that was to pass it is no more. */
  died(words: string): void {
    if (this.#begun) this.#fail(words)
  }

  #end(fault: string | undefined): void {
    if (fault === undefined) this.#verdict.resolve(undefined)
    else this.#fail(fault)
  }

  #fail(fault: string): void {
    this.#verdict.resolve(failed(fault))
  }

  async #get(
    listening: { host: string; port: number } | undefined,
    path: string,
  ): Promise<string | undefined> {
    const until = Math.min(performance.now() + PATIENCE_MS, this.#needs.deadline)
    for (;;) {
      const fault = await ask(
        `http://${hostOf(listening)}${path}`,
        this.#needs.pass,
        until - performance.now(),
      )
      if (fault === undefined || performance.now() + AGAIN_MS >= until) return fault && `GET ${path} ${fault}`
      await sleep(AGAIN_MS)
    }
  }
}

/** @returns what was wrong with the answer */
async function ask(url: string, pass: string | undefined, withinMs: number): Promise<string | undefined> {
  const signal = AbortSignal.timeout(Math.ceil(Math.max(AGAIN_MS, withinMs)))
  try {
    const answer = await fetch(url, {
      headers: {
        'user-agent': 'sluice-check',
        ...(pass !== undefined && { authorization: `Bearer ${pass}` }),
      },
      redirect: 'manual',
      signal,
    })
    const words = (await answer.text()).slice(0, MAX_WORDS).trim()
    return answer.ok ? undefined : `answered ${answer.status}${words === '' ? '' : `: ${words}`}`
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    return isLate ? 'was not answered in time' : 'was not answered: the connection broke'
  }
}

/** It listens on every address, or on the one that is given. */
function hostOf({ host, port }: { host: string; port: number } = { host: '', port: 0 }): string {
  const isEvery = host === '0.0.0.0' || host === '::' || host === ''
  return `${isEvery ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}

const failed = (message: string, stack?: string): CallError => ({
  name: 'CheckFailed',
  message,
  ...(stack !== undefined && { stack }),
})
