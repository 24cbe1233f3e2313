import { once } from 'node:events'
import type { Installation } from '../../test/e2e/installation.ts'
import { until } from '../../test/e2e/reached.ts'

/** What Node.js says as its inspector begins to listen. */
const LISTENING = /Debugger listening on (ws:\S+)/g

export interface Inspector extends Disposable {
  /** Bytes. */
  heapAfterCollection(): Promise<number>
}

/** Asks the control plane's process to be looked into, which it was not begun for. */
export async function inspectorOf(installation: Installation): Promise<Inspector> {
  const addresses = () => [...installation.output.matchAll(LISTENING)].map(([, address]) => address)
  const before = addresses().length
  process.kill(installation.pid, 'SIGUSR1')
  await until('the inspector to listen', () => addresses().length > before)
  const socket = new WebSocket(addresses().at(-1) ?? '')
  await once(socket, 'open')
  let asked = 0
  const ask = async (method: string) => {
    const id = ++asked
    socket.send(JSON.stringify({ id, method }))
    for (;;) {
      const [{ data }] = await once(socket, 'message')
      const said = JSON.parse(data)
      if (said.id === id) return said.result
    }
  }
  return {
    heapAfterCollection: async () => {
      await ask('HeapProfiler.collectGarbage')
      const { usedSize } = await ask('Runtime.getHeapUsage')
      return usedSize
    },
    [Symbol.dispose]: () => socket.close(),
  }
}
