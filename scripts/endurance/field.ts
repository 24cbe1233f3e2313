import { setTimeout as sleep } from 'node:timers/promises'
import type { Installation } from '../../test/e2e/installation.ts'
import type { ApiAnswer } from '../../test/e2e/reached.ts'
import { Random } from '../../test/simulation/random.ts'
import { Kills } from './kills.ts'
import { Ledger } from './ledger.ts'

const RETRY_MS = 100
/** A client that tries again for so long has tried hard enough. */
const PATIENCE_MS = 60_000

/** Where everybody acts: the platform, what is killed of it, and what is on record. */
export class Field {
  readonly kills = new Kills()
  readonly ledger = new Ledger()
  readonly installation: Installation
  readonly seed: number
  isOver = false

  constructor(installation: Installation, seed: number) {
    this.installation = installation
    this.seed = seed
  }

  random(actor: string): Random {
    return Random.of(this.seed, actor)
  }

  /**
   * Asks the API as a client that tries again where the connection broke. Only a control plane that was killed excuses that.
   * @throws Error where it never comes back
   */
  async ask(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const first = Date.now()
    for (;;) {
      const begun = Date.now()
      try {
        return await this.installation.api(method, path, body)
      } catch (error) {
        if (this.kills.since(begun) !== 'control plane')
          this.ledger.fault(`${method} ${path} broke though nothing was killed: ${error}`)
        this.ledger.count('API requests sent again')
        if (Date.now() - first > PATIENCE_MS) throw error
        await sleep(RETRY_MS)
      }
    }
  }
}
