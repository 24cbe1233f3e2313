import { Api } from './api.ts'
import { type Given, readConfig } from './config.ts'

/**
 * A way into one control plane. Without options: the one of the environment or of the nearest `.sluice` folder, which
 * is also what functions use that are given no client.
 */
export class Client {
  readonly api: Api

  constructor(options: Given = {}) {
    this.api = new Api(readConfig(options))
  }

  /** The environment that is meant where none is named. */
  get env(): string | undefined {
    return this.api.config.env
  }
}

let ours: Client | undefined

/** @throws ConfigurationError where no control plane can be found */
export function defaultClient(): Client {
  ours ??= new Client()
  return ours
}
