import assert from 'node:assert/strict'
import { join } from 'node:path'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import type { CommandResult } from '../e2e/reached.ts'
import { Console } from './console.ts'

/** An app of an author, deployed on an installation of its own, and a browser on the console. */
export class ShownApp implements AsyncDisposable {
  readonly installation: Installation
  readonly console: Console
  readonly #folder: AppFolder

  private constructor(installation: Installation, folder: AppFolder, console: Console) {
    this.installation = installation
    this.#folder = folder
    this.console = console
  }

  static async deploy(source: string): Promise<ShownApp> {
    const installation = await Installation.start()
    const app = new ShownApp(installation, await AppFolder.create(), await Console.open(installation))
    await app.redeploy(source)
    return app
  }

  async redeploy(source: string, ...options: string[]): Promise<void> {
    const { code, stderr } = await this.tryDeploy(source, ...options)
    assert.equal(code, 0, stderr)
  }

  /** Deploys what may fail. */
  async tryDeploy(source: string, ...options: string[]): Promise<CommandResult> {
    await this.#folder.write('app.ts', source)
    return this.installation.cli('deploy', this.#folder.entry, ...options)
  }

  /** Where functions look for a file of the author's folder. */
  path(name: string): string {
    return join(this.#folder.path, name)
  }

  /** Has a function that waits for the file go on. */
  async write(name: string): Promise<void> {
    await this.#folder.write(name, '')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using _folder = this.#folder
    await using _installation = this.installation
    await this.console[Symbol.asyncDispose]()
  }
}
