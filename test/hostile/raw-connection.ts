import { connect } from 'node:net'

/** Whoever is not answered within this time hangs. */
const MOST_MS = 20_000

/**
 * Sends these very bytes; resolves with all that was answered once the other side has hung up.
 * @param isAll whether to hang up on this side at once, which whoever waits for an answer may not do
 * @throws Error where the other side never hangs up
 */
export function exchangeRaw(port: number, bytes: string, isAll = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answered = ''
    const hung = setTimeout(() => {
      socket.destroy()
      reject(new Error(`Nothing hung up on ${JSON.stringify(bytes.slice(0, 500))}; answered: ${answered}`))
    }, MOST_MS)
    socket.setEncoding('latin1')
    socket.on('data', (text) => (answered += text))
    // That the other side breaks off is an answer too; what it said before counts.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(hung)
      resolve(answered)
    })
    if (isAll) socket.end(bytes, 'latin1')
    else socket.write(bytes, 'latin1')
  })
}

/** Goes away in the middle of what it says. */
export function breakOff(port: number, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.write(bytes, 'latin1', () => socket.destroy())
  })
}

/** The statuses of all answers on a connection; those that only announce another one are left out. */
export const statusesIn = (answered: string): number[] =>
  [...answered.matchAll(/HTTP\/1\.1 (\d{3}) /g)]
    .map(([, status]) => Number(status))
    .filter((status) => status >= 200)
