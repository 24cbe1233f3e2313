import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { CallView, ContainerView, VersionView } from '../../protocol/api.ts'
import type { AppView } from '../../protocol/app-view.ts'
import type { RouteInput } from '../../protocol/routes.ts'
import type { FiringView } from '../../protocol/schedules.ts'
import { Api } from '../../sdk/api.ts'
import { type Prepared, prepare } from '../../sdk/deploy/prepare.ts'
import { announce, follow } from '../../sdk/deploy/rollout.ts'
import { upload } from '../../sdk/deploy/upload.ts'
import { UnreachableError } from '../../sdk/errors.ts'
import { resultOf, sendableArgs } from '../../sdk/payloads.ts'
import type { AppFolder } from '../e2e/app-folder.ts'
import type { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'

const source = (change: string) => `
import { App, Period } from 'sluice'

const app = new App('story')
export const web = app.web({ minContainers: 1 }, () => new Response(${change}))
export const echo = app.function((value: unknown) => value)
export const forever = app.function(() => new Promise(() => {}))
export const now = app.function({ schedule: Period({ minutes: 1 }) }, () => 'ran')
export default app
`

/** Somebody who asks again whenever the control plane was gone before it answered, having looked what became of it. */
export class PatientUser {
  readonly #installation: Installation
  /** The same app in two shapes, so that a deploy of the other one always changes something. */
  readonly #shapes: [Prepared, Prepared]
  /** All that was accepted, as it was when it was first seen to have ended. */
  readonly #ended = new Map<string, CallView>()

  static async create(installation: Installation, folder: AppFolder): Promise<PatientUser> {
    const shapes = []
    for (const change of ['"one"', '"two"']) {
      await folder.write(join(change.slice(1, -1), 'app.ts'), source(change))
      shapes.push(await prepare(join(folder.path, change.slice(1, -1), 'app.ts')))
    }
    return new PatientUser(installation, shapes as [Prepared, Prepared])
  }

  private constructor(installation: Installation, shapes: [Prepared, Prepared]) {
    this.#installation = installation
    this.#shapes = shapes
  }

  async deploy(app: string): Promise<void> {
    const served = (await this.#app(app)) && (await this.#visit(app))
    const shape = this.#shapes[served === 'one' ? 1 : 0]
    await upload(this.#api, shape.contents, undefined)
    const prepared = { ...shape, manifest: { ...shape.manifest, app } }
    await this.#version(app, () => announce(this.#api, prepared, { client: 'test' }))
  }

  async rollBack(app: string): Promise<void> {
    await this.#version(app, () => this.#api.send('rollback', { params: { app }, body: {} }))
  }

  async start(app: string): Promise<void> {
    await this.#version(app, () => this.#api.send('start', { params: { app }, body: {} }))
  }

  /** Has it deployed, whether or not it is. */
  async restart(app: string): Promise<void> {
    if ((await this.#app(app))?.state !== 'deployed') await this.start(app)
  }

  async stop(app: string): Promise<void> {
    await this.#api.send('stop', { params: { app }, body: {} })
    await until(`${app} to be stopped`, async () => (await this.#app(app))?.state === 'stopped')
    assert.deepEqual(await this.#containers(app), [])
  }

  /** Something that nobody has uploaded yet. */
  async upload(): Promise<void> {
    const content = randomBytes(1000)
    const sha256 = createHash('sha256').update(content).digest('hex')
    await upload(this.#api, [{ sha256, size: content.length, source: content }], undefined)
    assert.deepEqual(await this.#api.send('missingBlobs', { body: { sha256: [sha256] } }), { missing: [] })
  }

  async call(app: string, value: unknown, wait = 20): Promise<void> {
    const args = await sendableArgs(this.#api, [value], undefined)
    const request: RouteInput<'call'> = { ...args, wait, idempotencyKey: randomUUID() }
    const path = { params: { app, function: 'echo' }, body: request }
    const accepted = await this.#api.send('call', path)
    const ended = await this.#end(accepted.id)
    assert.equal(ended.status, 'succeeded')
    assert.deepEqual(await resultOf(ended), value)
    assert.equal((await this.#api.send('call', path)).id, accepted.id, 'a repeated request is the same call')
  }

  async cancel(app: string): Promise<void> {
    const path = { params: { app, function: 'forever' }, body: { args: [], idempotencyKey: randomUUID() } }
    const { id } = await this.#api.send('call', path)
    await until('the call to run', async () => (await this.#call(id)).status === 'running')
    await this.#api.send('cancelCall', { params: { id } })
    assert.equal((await this.#end(id)).status, 'cancelled')
  }

  async runNow(app: string): Promise<void> {
    const path = { params: { app, function: 'now' }, body: { idempotencyKey: randomUUID() } }
    const run = await this.#api.send('triggerSchedule', path)
    assert.equal((await this.#end(run.id)).status, 'succeeded')
  }

  /** What became of the latest slots, newest first. */
  async firings(app: string): Promise<FiringView[]> {
    const { items } = await this.#api.send('listSchedules', { params: { app } })
    return items[0]?.last ?? []
  }

  /** The calls of a function, newest first. */
  async calls(app: string, name: string): Promise<string[]> {
    const { items } = await this.#api.send('listCalls', { params: { app }, query: { function: name } })
    return items.map(({ id }) => id)
  }

  /** Those of the function, or of all. */
  async containers(app: string, name?: string): Promise<string[]> {
    const found = await this.#containers(app)
    return found.filter((one) => name === undefined || one.function === name).map(({ id }) => id)
  }

  /** What must hold whenever things have come to rest: DESIGN section 4, as far as it shows from outside. */
  async checkRest(app: string): Promise<void> {
    const items = await this.#versions(app)
    const numbers = items.map(({ version }) => version)
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => numbers.length - index),
      'versions are gapless',
    )
    const { state, liveVersion } = (await this.#app(app)) ?? assert.fail(`${app} is gone`)
    if (state !== 'deployed') return
    const live = items.filter(({ status }) => status === 'live').map(({ version }) => version)
    assert.deepEqual(live, [liveVersion])
    await this.#untilConverged(app, liveVersion)
    for (const [id, before] of this.#ended) assert.deepEqual(lasting(await this.#call(id)), before)
    this.#ended.clear()
  }

  async #untilConverged(app: string, live: number | undefined): Promise<void> {
    await until('only containers of the live version to run, and no process besides', async () => {
      const containers = await this.#containers(app)
      const isSettled = containers.every(({ version, state }) => version === live && state === 'ready')
      return isSettled && containers.some(({ function: name }) => name === 'web')
    })
    assert.ok(['one', 'two'].includes(await this.#visit(app)))
  }

  async #version(app: string, ask: () => Promise<VersionView>): Promise<void> {
    const before = (await this.#app(app)) ? (await this.#versions(app)).length : 0
    const begun = await this.#untilBegun(app, before, ask)
    assert.equal(begun.version, before + 1)
    assert.equal((await follow(this.#api, begun)).status, 'live')
  }

  async #untilBegun(app: string, before: number, ask: () => Promise<VersionView>): Promise<VersionView> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error
        const path = { params: { app, version: before + 1 } }
        const begun = await this.#api.send('getVersion', path).catch(() => undefined)
        if (begun) return begun
      }
    }
  }

  /** What the site says, asked until it is not the control plane's end that answers. */
  async #visit(app: string): Promise<string> {
    let said: string | undefined
    await until('the site to be reached', async () => {
      const answer = await this.#installation.web(`${app}-web`).catch(() => undefined)
      said = answer?.body
      return answer?.status === 200
    })
    return said ?? ''
  }

  async #end(id: string): Promise<CallView> {
    for (;;) {
      const call = await this.#api.send('getCall', { params: { id }, query: { wait: 20 } })
      if (call.endedAt === undefined) continue
      this.#ended.set(id, lasting(call))
      return call
    }
  }

  #call(id: string): Promise<CallView> {
    return this.#api.send('getCall', { params: { id } })
  }

  async #containers(app: string): Promise<ContainerView[]> {
    return (await this.#api.send('listContainers', { params: { app } })).items
  }

  async #versions(app: string): Promise<VersionView[]> {
    const versions: VersionView[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await this.#api.send('listVersions', { params: { app }, query: { limit: 200, cursor } })
      versions.push(...page.items)
      if (page.cursor === undefined) return versions
      cursor = page.cursor
    }
  }

  async #app(app: string): Promise<AppView | undefined> {
    return this.#api.send('getApp', { params: { app } }).catch((error) => {
      if (error.code !== 'app_not_found') throw error
      return undefined
    })
  }

  get #api(): Api {
    const { url, token } = this.#installation
    return new Api({ url, token })
  }
}

/** Addresses are made anew for whoever asks. */
const lasting = ({ resultUrl: _, ...call }: CallView): CallView => call
