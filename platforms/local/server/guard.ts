import type { IncomingMessage } from 'node:http'
import { SluiceError } from '../../../protocol/errors.ts'
import { onlyHost } from '../ingress/headers.ts'

/** The names that this machine has for itself: the server listens nowhere else. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses what a page of another site may have made a browser send: under a name that was made to resolve to this
 * machine (DNS rebinding), or to our own name from a foreign origin (cross-site request forgery).
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  constructor(port: number) {
    const hosts = OWN_NAMES.map((name) => `${name}:${port}`)
    this.#hosts = new Set(port === 80 ? [...hosts, ...OWN_NAMES] : hosts)
    this.#origins = new Set([...this.#hosts].map((host) => `http://${host}`))
  }

  /** @throws SluiceError `forbidden` · `invalid_request` */
  check({ rawHeaders, headers: { host, origin } }: IncomingMessage): void {
    if (host === undefined) throw new SluiceError('invalid_request', 'A request must name its host.')
    if (!this.#hosts.has((onlyHost(rawHeaders) ?? '').toLowerCase())) {
      throw new SluiceError(
        'forbidden',
        `This server does not answer for that host. Use one of ${[...this.#hosts].join(', ')}.`,
      )
    }
    if (origin !== undefined && !this.#origins.has(origin.toLowerCase())) {
      throw new SluiceError('forbidden', 'Pages of other sites may not send requests to this server.')
    }
  }
}
