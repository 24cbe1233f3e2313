import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'

const SOURCE = `
import { App } from 'sluice'
const app = new App('shop')
export const price = app.function(() => 'one euro')
export default app
`
/** Enough to run on, and soon used up. */
const DESCRIPTORS = 64
const LIMITED = ['/bin/sh', '-c', `ulimit -n ${DESCRIPTORS}; exec "$@"`, 'sh']

test('where a control plane has no descriptors left, it says what to do, callers hear that the connection broke, and it goes on by itself', {
  skip: process.platform !== 'linux' && 'SKIPPED: descriptors are counted as Linux tells them',
}, async () => {
  await using installation = await Installation.startIn({ under: LIMITED })
  await using folder = await AppFolder.create({ 'app.ts': SOURCE })
  await installation.run('deploy', folder.entry)
  assert.equal(await installation.run('call', 'shop.price'), 'one euro\n')

  using taken = await useUp(installation)
  await until('it to say so', () => installation.output.includes('may open no more files and connections'))
  const { code, stderr } = await installation.cli('app', 'list')
  assert.equal(code, 1)
  assert.match(stderr, /✗ The connection to Sluice at \S+ broke off before it answered\. .*Its log says why/)

  taken.dispose()
  await until('it to have some again', async () => (await descriptorsOf(installation)) < DESCRIPTORS - 8)
  assert.equal(await installation.run('call', 'shop.price'), 'one euro\n')
  await folder.write('app.ts', SOURCE.replace('one', 'two'))
  await installation.run('deploy', folder.entry)
  assert.equal(await installation.run('call', 'shop.price'), 'two euro\n')
  assert.equal(installation.output.match(/ulimit -n/g)?.length, 1)
  assert.doesNotMatch(installation.output, /\n {4}at /)
})

/** By requests that never end, for which there are minutes, more than there can be. */
async function useUp({ url, token }: Installation): Promise<DisposableStack> {
  const { port, host } = new URL(url)
  const head = [
    'POST /v1/blobs/missing HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Content-Length: 100',
  ]
  const taken = new DisposableStack()
  const refused = Array.from({ length: 2 * DESCRIPTORS }, () => {
    const socket = connect(Number(port), '127.0.0.1')
    taken.defer(() => socket.destroy())
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    // Whoever is not heard out may see an error first.
    socket.on('error', () => undefined)
    return new Promise((resolve) => socket.on('close', resolve))
  })
  await Promise.race(refused)
  return taken
}

async function descriptorsOf({ pid }: Installation): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length
}
