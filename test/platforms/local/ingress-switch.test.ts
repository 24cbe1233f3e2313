import assert from 'node:assert/strict'
import { Agent, type RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import { type Address, send } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress } from '../../fixtures/local-ingress.ts'
import { textOf, webContainer } from '../../fixtures/web-container.ts'

const SWITCHES = 50
const CLIENTS = 16
const REQUESTS_BETWEEN = 12
const SLOWEST_MS = 20

/** Echoes in two halves, sooner or later. */
const slowEcho: RequestListener = async (request, response) => {
  const body = await textOf(request)
  response.write(body.slice(0, body.length / 2))
  setTimeout(() => response.end(body.slice(body.length / 2)), Math.random() * SLOWEST_MS)
}

describe('Switching under load', () => {
  it(`fails no request over ${SWITCHES} switches, though each old container is gone once it is released`, async (t) => {
    const { ingress, address, released } = await localIngress(t)
    const containers = new Map<string, Awaited<ReturnType<typeof webContainer>>>()
    const load = new Load(address)
    t.after(() => load.agent.destroy())

    for (let version = 1; version <= SWITCHES + 1; version += 1) {
      const container = await webContainer(slowEcho, { version })
      containers.set(container.target.container, container)
      const pointed = ingress.point(ENDPOINT, [container.target])
      load.live = version
      await pointed
      if (version === 1) load.start()
      await load.requests(REQUESTS_BETWEEN)
      for (const { container: id } of released.splice(0)) {
        await containers.get(id)?.close()
        containers.delete(id)
      }
    }

    await load.stop()
    await ingress.point(ENDPOINT, [])
    assert.deepEqual(load.faults, [])
    assert.ok(load.answered >= SWITCHES * REQUESTS_BETWEEN)
    assert.equal(containers.size - released.length, 0)
    for (const container of containers.values()) await container.close()
  })
})

/** Clients that ask without a pause, half of them over connections that they keep. */
class Load {
  live = 0
  answered = 0
  readonly faults: string[] = []
  readonly agent = new Agent({ keepAlive: true, maxSockets: CLIENTS / 2 })
  readonly #address: Address
  #running: Promise<void>[] = []
  #stopped = false
  #onAnswer = () => {}

  constructor(address: Address) {
    this.#address = address
  }

  start(): void {
    this.#running = Array.from({ length: CLIENTS }, (_, client) => this.#askOn(client))
  }

  async requests(count: number): Promise<void> {
    const goal = this.answered + count
    while (this.answered < goal) {
      await new Promise<void>((resolve) => {
        this.#onAnswer = resolve
      })
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running)
  }

  async #askOn(client: number): Promise<void> {
    for (let turn = 0; !this.#stopped; turn += 1) {
      const oldest = this.live
      const body = `client ${client} turn ${turn} `.repeat(1 + (turn % 50))
      const kept = client % 2 === 0 ? { agent: this.agent } : {}
      try {
        const answer = await send(this.#address, HOST, { method: 'POST', body, ...kept })
        const version = Number(answer.headers['sluice-version'])
        if (answer.status !== 200 || answer.body !== body) this.faults.push(`${answer.status} ${answer.body}`)
        if (version < oldest || version > this.live)
          this.faults.push(`v${version}, not v${oldest} to v${this.live}`)
      } catch (error) {
        this.faults.push(String(error))
      }
      this.answered += 1
      this.#onAnswer()
    }
  }
}
