import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answer, fail } from './answer.ts'
import { type Exchange, forward } from './forward.ts'
import { InFlight } from './in-flight.ts'
import { invoke } from './invoke.ts'
import { routeOf } from './route.ts'
import type { Listener, State } from './state.ts'

/** The listeners of all load balancers, as the state has them. */
export class Front {
  readonly #endpoint: string
  readonly #servers = new Map<string, Server>()
  readonly #inFlight = new InFlight()
  #state: State = { listeners: [], targetGroups: {} }

  constructor(endpoint: string) {
    this.#endpoint = endpoint
  }

  async serve(state: State): Promise<void> {
    this.#state = state
    this.#inFlight.cutAllBut(state)
    const wanted = new Set(state.listeners.map(keyOf))
    for (const [key, server] of this.#servers) if (!wanted.has(key)) this.#close(key, server)
    for (const listener of state.listeners) {
      if (!this.#servers.has(keyOf(listener))) await this.#open(listener)
    }
  }

  async #open(listener: Listener): Promise<void> {
    const key = keyOf(listener)
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: listener.idleTimeoutSeconds * 1000 })
    server.on('request', (request, response) => this.#handle(key, request, response))
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      socket.unshift(head)
      const response = new ServerResponse(request)
      response.assignSocket(socket)
      response.on('finish', () => socket.end())
      socket.on('error', () => socket.destroy())
      this.#handle(key, request, response)
    })
    this.#servers.set(key, server)
    server.listen(listener.port, listener.address)
    await once(server, 'listening')
  }

  #close(key: string, server: Server): void {
    this.#servers.delete(key)
    server.close()
    server.closeAllConnections()
  }

  #handle(key: string, request: IncomingMessage, response: ServerResponse): void {
    const listener = this.#state.listeners.find((listener) => keyOf(listener) === key)
    if (listener) this.#route({ request, response, listener }).catch(() => fail(response, 502))
    else response.destroy()
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response, listener } = exchange
    const route = routeOf(request, listener, this.#state)
    switch (route.kind) {
      case 'answer':
        answer(response, route.status, { 'content-type': route.contentType }, route.body)
        break
      case 'redirect':
        answer(response, route.status, { location: route.location })
        break
      case 'target':
        forward(exchange, route, this.#inFlight)
        break
      case 'function':
        await invoke(exchange, route, this.#endpoint)
        break
      case 'unavailable':
        fail(response, 503)
    }
  }
}

function keyOf({ address, port }: Listener): string {
  return `${address}:${port}`
}
