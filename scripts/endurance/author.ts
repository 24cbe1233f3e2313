import { setTimeout as sleep } from 'node:timers/promises'
import type { VersionView } from '../../protocol/api.ts'
import { prepare } from '../../sdk/deploy/prepare.ts'
import type { Random } from '../../test/simulation/random.ts'
import { APP } from './app.ts'
import type { Field } from './field.ts'

type Manifest = Awaited<ReturnType<typeof prepare>>['manifest']

/** Seconds that the API holds an answer about a rollout. */
const WAIT = 20
const PAUSE_MS = { least: 200, most: 2_000 } as const

/** Somebody who deploys, rolls back, rolls over and changes the scale, one after the other. */
export class Author {
  readonly #field: Field
  readonly #random: Random
  readonly #manifest: Manifest
  #revision = 0

  private constructor(field: Field, manifest: Manifest) {
    this.#field = field
    this.#random = field.random('author')
    this.#manifest = manifest
  }

  /** Whose app is deployed, twice, so that there is something to go back to. */
  static async of(field: Field, entry: string): Promise<Author> {
    await field.installation.run('deploy', entry)
    const author = new Author(field, (await prepare(entry)).manifest)
    await author.#deploy()
    return author
  }

  async run(): Promise<void> {
    while (!this.#field.isOver) {
      const dice = this.#random.next()
      if (dice < 0.45) await this.#deploy()
      else if (dice < 0.65) await this.#release('rollback', {})
      else if (dice < 0.75) await this.#release('rollover', {})
      else await this.#scale()
      await sleep(this.#random.between(PAUSE_MS.least, PAUSE_MS.most))
    }
  }

  #deploy(): Promise<void> {
    const functions = structuredClone(this.#manifest.functions)
    const revision = String(this.#revision++)
    for (const spec of Object.values(functions)) spec.env = { REVISION: revision }
    return this.#release('versions', { manifest: { ...this.#manifest, functions } })
  }

  /** Until it is live: nothing of this keeps a version from that, not even a control plane that dies meanwhile. */
  async #release(verb: 'versions' | 'rollback' | 'rollover', body: object): Promise<void> {
    const { ledger } = this.#field
    const begun = Date.now()
    const { status, body: version } = await this.#field.ask('POST', `/v1/apps/${APP}/${verb}`, body)
    if (status >= 300) {
      ledger.fault(`${verb} was refused: ${status} ${JSON.stringify(version)}`)
      return
    }
    const ended = await this.#ended(version)
    ledger.count(verb === 'versions' ? 'deploys' : `${verb}s`)
    ledger.took(verb === 'versions' ? 'a deploy' : `a ${verb}`, Date.now() - begun)
    if (ended.status !== 'live') ledger.fault(`v${ended.version} (${verb}) is ${JSON.stringify(ended)}`)
  }

  async #ended(version: VersionView): Promise<VersionView> {
    let seen = version
    while (seen.status === 'rolling') {
      const path = `/v1/apps/${APP}/versions/${version.version}?wait=${WAIT}`
      seen = (await this.#field.ask('GET', path)).body
    }
    return seen
  }

  async #scale(): Promise<void> {
    const name = this.#random.pick(['double', 'nested', 'web']) ?? 'double'
    const patch = {
      minContainers: this.#random.between(name === 'web' ? 1 : 0, 2),
      maxContainers: this.#random.between(2, 4),
    }
    const path = `/v1/apps/${APP}/functions/${name}/autoscaler`
    const { status, body } = await this.#field.ask('PATCH', path, patch)
    if (status >= 300) this.#field.ledger.fault(`${path} was refused: ${status} ${JSON.stringify(body)}`)
    this.#field.ledger.count('changes of scale')
  }
}
