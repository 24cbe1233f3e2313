import assert from 'node:assert/strict'
import type { Installation } from '../e2e/installation.ts'
import type { Console } from './console.ts'
import { ShownApp } from './shown-app.ts'

const NAME = 'parcels'

/** @param change is run as the file is loaded */
const source = (mark: string, change = '') => `
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('${NAME}')
${change}

export const web = app.web({ minContainers: 2 }, async (request) => {
  await pause(Number(new URL(request.url).searchParams.get('ms')))
  return new Response(process.env.SLUICE_VERSION, { headers: { mark: '${mark}' } })
})

export const sort = app.function({ env: { MARK: '${mark}' } }, async (gate: string) => {
  while (!existsSync(gate)) await pause(20)
  return '${mark}'
})

export default app
`

/** An app whose calls run until they are let go, on an installation of its own, and a browser on the console. */
export class DeployedApp implements AsyncDisposable {
  static readonly path = `/apps/main/${NAME}`
  static readonly label = `${NAME}-web`
  readonly name = NAME
  readonly installation: Installation
  readonly console: Console
  readonly #shown: ShownApp

  private constructor(shown: ShownApp) {
    this.installation = shown.installation
    this.console = shown.console
    this.#shown = shown
  }

  static async deploy(mark: string): Promise<DeployedApp> {
    return new DeployedApp(await ShownApp.deploy(source(mark)))
  }

  /** Deploys it in the terminal, with something that is different. */
  async redeploy(mark: string, ...options: string[]): Promise<void> {
    await this.#shown.redeploy(source(mark), ...options)
  }

  /** Deploys a version whose containers cannot start. */
  async breakIt(message: string): Promise<void> {
    const change = `if (process.env.SLUICE_VERSION) throw new Error('${message}')`
    assert.equal((await this.#shown.tryDeploy(source('broken', change))).code, 1)
  }

  /** Begins a call that runs until it is let go. */
  async beginCall(name: string): Promise<{ id: string; letGo: () => Promise<void> }> {
    const path = `/v1/apps/${NAME}/functions/sort/calls`
    const { body } = await this.installation.api('POST', path, { args: [this.#shown.path(name)] })
    return { id: body.id, letGo: () => this.#shown.write(name) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shown[Symbol.asyncDispose]()
  }
}
