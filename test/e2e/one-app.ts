import { AppFolder } from './app-folder.ts'
import { untilHandedOver } from './handed-over.ts'
import { Installation } from './installation.ts'

const SOURCE = `
import { App } from 'sluice'
const app = new App('podcast-search')
export const greet = app.function((name: string) => 'hello ' + name)
export const site = app.web(() => new Response('hi'))
export default app
`

/** An installation with one small app, to see whether anything changes in it. */
export class OneApp implements AsyncDisposable {
  readonly installation: Installation
  readonly folder: AppFolder

  private constructor(installation: Installation, folder: AppFolder) {
    this.installation = installation
    this.folder = folder
  }

  static async start(): Promise<OneApp> {
    const one = new OneApp(await Installation.start(), await AppFolder.create({ 'app.ts': SOURCE }))
    await one.installation.run('deploy', one.folder.entry)
    await untilHandedOver(one.installation, 'podcast-search', 1)
    return one
  }

  /** What there is, and how it came to be. */
  async state(): Promise<unknown> {
    const apps = await this.installation.api('GET', '/v1/apps')
    const history = await this.installation.api('GET', '/v1/apps/podcast-search/versions')
    const isWhat = ({ name, state, liveVersion }: Record<string, unknown>) => ({ name, state, liveVersion })
    return { apps: apps.body.items.map(isWhat), history: history.body.items }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.installation[Symbol.asyncDispose]()
    await this.folder[Symbol.asyncDispose]()
  }
}
