import { createHash } from 'node:crypto'
import type { ManifestInput } from '../../protocol/manifest.ts'
import { prepare } from '../../sdk/deploy/prepare.ts'
import type { AppFolder } from '../e2e/app-folder.ts'
import type { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import type { Known } from './fitting.ts'

const CODE = 'export default null'
const CODE_HASH = createHash('sha256').update(CODE).digest('hex')

/** Half a day from now: a schedule that fires is a change that nobody has asked for. */
const FAR_HOUR = (new Date().getUTCHours() + 12) % 24

export const SHOP = `
import { App, Cron, Secret } from 'sluice'
const app = new App('shop')
export const greet = app.function(
  { maxContainers: 1, scaledownWindow: 1, secrets: [Secret.fromName('openai')] },
  (name) => 'hi ' + name,
)
export const work = app.function({ minContainers: 1, maxContainers: 1 }, () => 1)
export const nightly = app.function(
  { schedule: Cron('0 ${FAR_HOUR} * * *'), maxContainers: 1, scaledownWindow: 1 },
  () => 1,
)
export const site = app.web({ maxContainers: 1, scaledownWindow: 1 }, () => new Response('hi'))
export default app
`

/** Longer than a stopped app's containers have to end. */
const MOST_REST_MS = 60_000

interface Found {
  id: string
  function: string
  state: string
}

/** What requests speak of, put there and put there again after a request has taken it away. */
export class Furnishing {
  readonly #installation: Installation
  readonly #folder: AppFolder
  readonly #canary: string
  readonly #manifest: ManifestInput

  static async in(installation: Installation, folder: AppFolder, canary: string): Promise<Furnishing> {
    const { manifest } = await prepare(folder.entry)
    const furnishing = new Furnishing(installation, folder, canary, manifest)
    await furnishing.#begin()
    return furnishing
  }

  private constructor(
    installation: Installation,
    folder: AppFolder,
    canary: string,
    manifest: ManifestInput,
  ) {
    this.#installation = installation
    this.#folder = folder
    this.#canary = canary
    this.#manifest = manifest
  }

  /** @returns a container that runs */
  async restore(): Promise<string> {
    await this.#api('PUT', '/v1/environments/staging', {})
    await this.#api('PUT', '/v1/secrets/openai', { variables: { OPENAI_KEY: this.#canary } })
    const { status, body } = await this.#api('POST', '/v1/apps/shop/versions', { manifest: this.#manifest })
    if (status === 409) await this.#deployAnew()
    else await this.#api('GET', `/v1/apps/shop/versions/${body.version}?wait=20`)
    // What was set by hand outlives a deploy.
    await this.#api('PATCH', '/v1/apps/shop/functions/work/autoscaler', {
      minContainers: 1,
      maxContainers: 1,
    })
    const worker = async () =>
      (await this.#containers()).find(({ function: name, state }) => name === 'work' && state === 'ready')
    await until('a container to run', async () => (await worker()) !== undefined)
    return (await worker())?.id ?? ''
  }

  /** What there is, by the names under which requests speak of it. */
  async known(container: string): Promise<Known> {
    const call = await this.#api('POST', '/v1/apps/shop/functions/greet/calls', { args: ['ada'], wait: 20 })
    const token = await this.#api('POST', '/v1/tokens', { name: `ci-${call.body.id}`, role: 'viewer' })
    const { missing } = (await this.#api('POST', '/v1/blobs/missing', { sha256: [CODE_HASH] })).body
    if (missing[0]) await fetch(missing[0].uploadUrl, { method: 'PUT', body: CODE })
    await this.#untilAtRest()
    return {
      env: ['main', 'main', 'main', 'staging', 'none'],
      app: ['shop', 'shop', 'shop', 'old', 'none'],
      function: ['greet', 'work', 'nightly', 'nightly', 'site', 'none'],
      version: [1, 2, 3],
      from: [1],
      to: [2],
      id: [call.body.id, container, token.body.id, 'none'],
      name: ['openai', 'ops', 'staging', 'shop'],
      secrets: ['openai'],
      call: [call.body.id],
      container: [container],
      sha256: [CODE_HASH],
      manifest: [this.#manifest],
      path: ['app.mjs', 'lib/a.mjs'],
      tag: ['second'],
    }
  }

  async #begin(): Promise<void> {
    await this.restore()
    await this.#installation.run('deploy', this.#folder.entry, '--name', 'old')
    await this.#installation.run('deploy', this.#folder.entry, '--tag', 'second')
    await this.#installation.run('app', 'stop', 'old')
    await this.#api('PUT', '/v1/channels/ops', { webhook: 'http://127.0.0.1:1/', app: 'old' })
  }

  async #deployAnew(): Promise<void> {
    await until('the app to be live again', async () => {
      const { code } = await this.#installation.cli('deploy', this.#folder.entry)
      return code === 0
    })
  }

  /** From then on nothing happens by itself. */
  async #untilAtRest(): Promise<void> {
    const rest = (what: string, holds: () => Promise<boolean>) => until(what, holds, MOST_REST_MS)
    await rest('all but one container to have gone', async () => (await this.#containers()).length === 1)
    await rest('the old app to be stopped', async () => {
      const { body } = await this.#api('GET', '/v1/apps/old')
      return body.state === 'stopped'
    })
    await rest('the hand-over to have ended', async () => {
      const { body } = await this.#api('GET', '/v1/apps/shop')
      const { rollout }: { rollout: { step: string; state: string }[] } = body.lastRollout
      return rollout.some(({ step, state }) => step === 'drain' && state === 'done')
    })
  }

  /** Those of the shop that have not stopped. */
  async #containers(): Promise<Found[]> {
    const { body } = await this.#api('GET', '/v1/apps/shop/containers?limit=200')
    return body.items.filter(({ state }: Found) => state !== 'stopped')
  }

  /** That something is there already is as good. */
  async #api(method: string, path: string, body?: unknown) {
    const answer = await this.#installation.api(method, path, body)
    if (answer.status >= 400 && answer.status !== 409) {
      throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
    }
    return answer
  }
}
