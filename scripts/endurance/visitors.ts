import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebAnswer, WebOptions } from '../../test/e2e/reached.ts'
import type { Random } from '../../test/simulation/random.ts'
import { LABEL, TICKS } from './app.ts'
import type { Field } from './field.ts'

const VISITORS = 6
const BODY_BYTES = 20_000
const LONGEST_MS = 400
const RETRY_MS = 50
const PATIENCE_MS = 60_000
/** Between two things that a visitor asks for. */
const PAUSE_MS = 15

/** One thing to ask for, and what a right answer is. */
interface Visit {
  kind: string
  path: string
  options?: WebOptions
  isRight(answer: WebAnswer): boolean
}

/** Clients of the web endpoint, each over a connection that is kept. */
export class Visitors {
  readonly #field: Field
  #made = 0

  constructor(field: Field) {
    this.#field = field
  }

  async run(): Promise<void> {
    await Promise.all(
      Array.from({ length: VISITORS }, (_, i) =>
        this.#visitAgainAndAgain(this.#field.random(`visitor ${i}`)),
      ),
    )
  }

  async #visitAgainAndAgain(random: Random): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!this.#field.isOver) {
      await this.#visit(this.#pick(random), agent)
      await sleep(PAUSE_MS)
    }
    agent.destroy()
  }

  #pick(random: Random): Visit {
    const n = this.#made++
    const dice = random.next()
    if (dice < 0.25) return posted(n)
    if (dice < 0.45) return streamed(n)
    if (dice < 0.6) return asked(n, random.between(50, LONGEST_MS))
    return asked(n, 0)
  }

  /** Sent again until it is answered, where what answered was killed; and where nothing was, refused. */
  async #visit(visit: Visit, agent: Agent): Promise<void> {
    const { ledger, kills } = this.#field
    const first = Date.now()
    for (;;) {
      const begun = Date.now()
      const fault = await this.#ask(visit, agent)
      if (fault === undefined) {
        ledger.count(`web requests: ${visit.kind}`)
        if (begun === first) ledger.took(`a web request: ${visit.kind}`, Date.now() - begun)
        return
      }
      const killed = kills.since(begun, 'web')
      if (killed === undefined) {
        ledger.fault(`${visit.kind} ${visit.path} at ${new Date(begun).toISOString()}: ${fault}`)
        return
      }
      ledger.count(`web requests broken by the kill of a ${killed}, and answered when sent again`)
      if (Date.now() - first > PATIENCE_MS) {
        ledger.fault(`${visit.kind} ${visit.path} was sent again for ${PATIENCE_MS} ms in vain: ${fault}`)
        return
      }
      await sleep(RETRY_MS)
    }
  }

  async #ask({ path, options, isRight }: Visit, agent: Agent): Promise<string | undefined> {
    try {
      const answer = await this.#field.installation.web(LABEL, path, { ...options, agent })
      if (answer.status === 200 && isRight(answer)) return undefined
      return `${answer.status} ${answer.body.slice(0, 200)}`
    } catch (error) {
      return String(error)
    }
  }
}

const asked = (n: number, ms: number): Visit => ({
  kind: ms > 0 ? 'slow GET' : 'GET',
  path: `/?n=${n}&ms=${ms}`,
  isRight: ({ body, headers }) => body === `${n} by ${headers['sluice-version']}`,
})

function posted(n: number): Visit {
  const body = `${n} `.repeat(BODY_BYTES / 8)
  return {
    kind: 'POST',
    path: '/echo',
    options: { method: 'POST', body },
    isRight: (answer) => answer.body === body,
  }
}

function streamed(n: number): Visit {
  const whole = Array.from({ length: TICKS }, (_, i) => `${n}:${i} `).join('')
  return { kind: 'stream', path: `/ticks?n=${n}`, isRight: ({ body }) => body === whole }
}
