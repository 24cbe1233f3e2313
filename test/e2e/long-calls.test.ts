import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CallView } from '../../protocol/api.ts'
import type { DrainRow } from '../../protocol/app-view.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

/** Of the function, minutes. */
const TIMEOUT = 5
const TIMEOUT_MS = TIMEOUT * 60_000
/** Seconds that the API holds an answer for a call. */
const WAIT = 25

const source = (change: string) => `
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('patient')

export const wait = app.function({ timeout: '${TIMEOUT}m', maxContainers: 4 }, async (gate?: string) => {
  while (gate && !existsSync(gate)) await sleep(20)
  return '${change}'
})

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a long call ends on the version that it began on, while every later call goes to the newest', async () => {
  await deploy('first')
  const begun = Date.now()
  const long = installation.json('call', 'patient.wait', join(folder.path, 'gate'))
  await until('the long call to run', async () => (await row(1))?.calls === 1)
  // A second container of v1 is idle when v2 goes live: it must not be the one that gets the next call.
  assert.equal((await wait()).version, 1)
  assert.equal((await row(1))?.containers.ready, 2)

  for (const [version, change] of [
    [2, 'second'],
    [3, 'third'],
  ] as const) {
    await deploy(change)
    for (const view of await Promise.all(Array.from({ length: 10 }, () => wait()))) {
      assert.equal(view.status, 'succeeded')
      assert.deepEqual([view.version, view.result], [version, change])
    }
    await until('only the container of the long call to be left of v1', async () => {
      const { containers } = (await row(1)) ?? {}
      return containers?.draining === 1 && containers.ready === 0
    })
    const { state, calls, oldest, deadline } = (await row(1)) ?? {}
    assert.deepEqual([state, calls], ['draining', 1])
    assert.ok(Date.parse(oldest ?? '') >= begun)
    assert.ok(Date.parse(deadline ?? '') > begun + TIMEOUT_MS, 'it has the time of its function')
    assert.match(await installation.run('app', 'describe', 'patient'), /^v1 +draining +0 \(1 draining\) +1 /m)
  }

  await folder.write('gate', '')
  const { version, status, result, attempts }: CallView = await long
  assert.deepEqual([version, status, result, attempts], [1, 'succeeded', 'first', 1])
  await until('v1 to be gone', async () => (await row(1)) === undefined)
  assert.doesNotMatch(await installation.run('app', 'describe', 'patient'), /^v1 /m)
})

async function deploy(change: string): Promise<void> {
  await folder.write('app.ts', source(change))
  await installation.run('deploy', folder.entry)
}

async function wait(): Promise<CallView> {
  const path = '/v1/apps/patient/functions/wait/calls'
  return (await installation.api('POST', path, { args: [], wait: WAIT })).body
}

/** The version's row on the drain board. */
async function row(version: number): Promise<DrainRow | undefined> {
  const { versions } = await installation.json('app', 'describe', 'patient')
  return versions.find((found: DrainRow) => found.version === version)
}
