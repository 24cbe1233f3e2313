import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { Console } from './console.ts'

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

/** An app on an installation of its own, and a browser on the console. */
export class DeployedApp implements AsyncDisposable {
  static readonly path = `/apps/main/${NAME}`
  static readonly label = `${NAME}-web`
  readonly name = NAME
  readonly installation: Installation
  readonly console: Console
  readonly #folder: AppFolder

  private constructor(installation: Installation, folder: AppFolder, console: Console) {
    this.installation = installation
    this.#folder = folder
    this.console = console
  }

  static async deploy(mark: string): Promise<DeployedApp> {
    const installation = await Installation.start()
    const console = await Console.open(installation)
    const app = new DeployedApp(installation, await AppFolder.create(), console)
    await app.redeploy(mark)
    return app
  }

  /** Deploys it in the terminal, with something that is different. */
  async redeploy(mark: string, ...options: string[]): Promise<void> {
    await this.#folder.write('app.ts', source(mark))
    await this.installation.run('deploy', this.#folder.entry, ...options)
  }

  /** Deploys a version whose containers cannot start. */
  async breakIt(message: string): Promise<void> {
    const change = `if (process.env.SLUICE_VERSION) throw new Error('${message}')`
    await this.#folder.write('app.ts', source('broken', change))
    assert.equal((await this.installation.cli('deploy', this.#folder.entry)).code, 1)
  }

  /** Begins a call that runs until it is let go. */
  async beginCall(name: string): Promise<{ id: string; letGo: () => Promise<void> }> {
    const gate = join(this.#folder.path, name)
    const path = `/v1/apps/${NAME}/functions/sort/calls`
    const { body } = await this.installation.api('POST', path, { args: [gate] })
    return { id: body.id, letGo: () => writeFile(gate, '') }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using _folder = this.#folder
    await using _installation = this.installation
    await this.console[Symbol.asyncDispose]()
  }
}
