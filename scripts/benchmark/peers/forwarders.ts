import type { Bench } from '../bench.ts'
import { onPath } from '../program.ts'
import type { Forwarder } from './forwarder.ts'
import { KamalProxy } from './kamal-proxy.ts'
import { Nginx } from './nginx.ts'

interface Peer {
  name: string
  command: string
  how: string
  start(command: string, target: number): Promise<Forwarder>
}

const PEERS: Peer[] = [
  { name: 'nginx', command: 'nginx', how: 'apt-get install nginx', start: Nginx.start },
  {
    name: 'kamal-proxy',
    command: 'kamal-proxy',
    how: 'with Go at hand, go install github.com/basecamp/kamal-proxy/cmd/kamal-proxy@latest',
    start: KamalProxy.start,
  },
]

/** Those that are on this machine, in front of the server at `target`. */
export async function forwarders(
  stack: AsyncDisposableStack,
  bench: Bench,
  target: (name: string) => Promise<number>,
): Promise<{ name: string; forwarder: Forwarder }[]> {
  const found: { name: string; forwarder: Forwarder }[] = []
  for (const { name, command, how, start } of PEERS) {
    const path = onPath(command)
    if (!path) {
      bench.skip(name, `there is no ${command} on PATH: ${how}`)
      continue
    }
    try {
      found.push({ name, forwarder: stack.use(await start(path, await target(name))) })
    } catch (error) {
      bench.skip(name, `it does not start: ${error}`)
    }
  }
  return found
}
