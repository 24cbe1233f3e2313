import type { IncomingMessage } from 'node:http'
import { bearerIn } from '../../protocol/caller.ts'
import type { FromChild, Verdict } from '../ipc.ts'

/** Lets in who holds a token that the supervisor knows to be good. */
export class Doorkeeper {
  readonly #send: (message: FromChild) => void
  readonly #waiting = new Map<number, (verdict: Verdict) => void>()
  #last = 0

  constructor(send: (message: FromChild) => void) {
    this.#send = send
  }

  judge({ headers }: IncomingMessage): Promise<Verdict> {
    const token = bearerIn(headers.authorization)
    if (token === undefined) return Promise.resolve(NO_TOKEN)
    const request = ++this.#last
    const { promise, resolve } = Promise.withResolvers<Verdict>()
    this.#waiting.set(request, resolve)
    this.#send({ type: 'caller', request, token })
    return promise
  }

  heard(request: number, verdict: Verdict): void {
    this.#waiting.get(request)?.(verdict)
    this.#waiting.delete(request)
  }
}

const NO_TOKEN: Verdict = {
  verdict: 'refused',
  status: 401,
  detail: 'Send a token of Sluice that may call functions, as `Authorization: Bearer <token>`.',
}
