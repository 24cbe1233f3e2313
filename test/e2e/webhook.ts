import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from './reached.ts'

export interface Delivered {
  headers: IncomingHttpHeaders
  body: string
}

/** Somebody's chat, which takes what is sent to it while it is not down. */
export class Webhook implements AsyncDisposable {
  readonly delivered: Delivered[] = []
  /** What came while it was down. */
  refused = 0
  isDown = false
  readonly #server = createServer(async (request, response) => {
    const body = await text(request)
    if (this.isDown) this.refused++
    else this.delivered.push({ headers: request.headers, body })
    response.writeHead(this.isDown ? 503 : 200).end('ok')
  })

  static async start(): Promise<Webhook> {
    const webhook = new Webhook()
    await new Promise<void>((resolve) => webhook.#server.listen(0, '127.0.0.1', resolve))
    return webhook
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/services/canary`
  }

  of(kind: string): Delivered[] {
    return this.delivered.filter(({ headers }) => headers['sluice-kind'] === kind)
  }

  async untilTold(kind: string, timeoutMs?: number): Promise<Delivered> {
    await until(`word of ${kind}`, async () => this.of(kind).length > 0, timeoutMs)
    return this.of(kind)[0] as Delivered
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** As the guide tells a receiver to check it. */
export function isSigned({ headers, body }: Delivered, secret: string): boolean {
  const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['sluice-signature'])) ?? []
  return mac === createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
}
