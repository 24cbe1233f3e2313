import { Construct } from 'constructs'
import type { Context } from '../../context.ts'
import type { Api } from '../api.ts'
import type { ApiHandlers } from '../api-handlers.ts'
import { ConsoleDistribution } from './distribution.ts'
import { ConsoleFiles } from './files.ts'

export interface ConsoleSiteProps {
  context: Context
  api: Api
  handlers: ApiHandlers
}

/** The web console, at an address of its own. */
export class ConsoleSite extends Construct {
  readonly url: string

  constructor(scope: Construct, id: string, { context, api, handlers }: ConsoleSiteProps) {
    super(scope, id)
    const { bucket } = new ConsoleFiles(this, 'Files', { context })
    const { distributionDomainName } = new ConsoleDistribution(this, 'Distribution', {
      files: bucket,
      apiUrl: api.url,
    })
    this.url = `https://${distributionDomainName}`
    const { tokens, deployments } = handlers.byGroup
    for (const handler of [tokens, deployments]) handler.tell({ consoleUrl: this.url })
  }
}
