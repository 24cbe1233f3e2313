import { realpathSync } from 'node:fs'
import { type ContainerRuntime, RUNTIME } from '../../protocol/author.ts'
import type { CallError } from '../../protocol/calls.ts'
import type { FromChild, Load, ToChild } from '../ipc.ts'
import { AuthorCalls, type Handler } from './author-calls.ts'
import { currentCall } from './current-call.ts'
import { upgradeWebSocket } from './current-upgrade.ts'
import { describeError } from './describe-error.ts'
import { loadHandler } from './load-handler.ts'
import { markOutput } from './mark-output.ts'
import type { WebServer } from './web-server.ts'

export interface AuthorProcessNeeds {
  /** The folder of this program, whose frames an author's stack trace should not show. */
  loader: string
  send: (message: FromChild, sent?: () => void) => void
  exit: (code: number) => void
  /** Adds to the environment that the author's code sees. */
  setVariables: (variables: Record<string, string>) => void
}

/** Loads the author's function and runs it: for each input, or behind a web server. */
export class AuthorProcess {
  readonly #needs: AuthorProcessNeeds
  #calls: AuthorCalls | undefined
  #web: WebServer | undefined
  #isDraining = false

  constructor(needs: AuthorProcessNeeds) {
    this.#needs = needs
  }

  heard(message: ToChild): void {
    switch (message.type) {
      case 'load':
        this.#start(message.load)
        break
      case 'call':
        this.#calls?.run(message)
        break
      case 'abort':
        this.#calls?.abort(message.lease)
        break
      case 'drain':
        this.#drain()
        break
      case 'verdict':
        this.#web?.judged(message.request, message.verdict)
        break
      case 'ping':
        this.#needs.send({ type: 'pong' })
        break
    }
  }

  async #start(load: Load): Promise<void> {
    const whereabouts = { root: realpathSync(load.root), loader: this.#needs.loader }
    const describe = (thrown: unknown) => describeError(thrown, whereabouts)
    try {
      this.#needs.setVariables(load.variables)
      installRuntime(load)
      const finishOutput = markOutput([process.stdout, process.stderr], load.mark, () => currentCall()?.id)
      const handler = await loadHandler(load)
      if (load.draining) this.#drain()
      if (load.spec.kind === 'web') return await this.#serve(load, handler, describe)
      this.#calls = new AuthorCalls({ handler, describe, send: this.#needs.send, onEnd: finishOutput })
      this.#needs.send({ type: 'ready' })
    } catch (thrown) {
      const error = describe(thrown)
      console.error(error.stack ?? thrown)
      this.#needs.send({ type: 'unfit', error }, () => this.#needs.exit(1))
    }
  }

  async #serve(load: Load, handler: Handler, describe: (thrown: unknown) => CallError): Promise<void> {
    // A function that is not web need not load a web server.
    const { WebServer } = await import('./web-server.ts')
    this.#web = new WebServer({
      load,
      handler,
      onThrown: (thrown) => console.error(describe(thrown).stack ?? thrown),
      send: (message) => this.#needs.send(message),
    })
    if (this.#isDraining) this.#web.drain()
    const port = await this.#web.listen()
    this.#needs.send({ type: 'ready', listening: { host: load.host, port } })
  }

  #drain(): void {
    this.#isDraining = true
    this.#web?.drain()
  }
}

function installRuntime({ app, env, function: name, version, pinned, signingKey }: Load): void {
  const runtime: ContainerRuntime = {
    app,
    env,
    function: name,
    version,
    pinned,
    currentCall,
    sign: (text) => {
      // Loaded where something is signed, as it takes a third of a process's start.
      const { createHmac } = process.getBuiltinModule('node:crypto')
      return createHmac('sha256', signingKey).update(text).digest('hex')
    },
    upgradeWebSocket,
  }
  Object.assign(globalThis, { [RUNTIME]: runtime })
}
