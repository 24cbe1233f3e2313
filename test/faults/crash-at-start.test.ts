import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Api } from '../../sdk/api.ts'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import { Crashing } from './crashing.ts'
import { assertNothingLeft } from './leftovers.ts'
import { PatientUser } from './patient-user.ts'
import { tryPoints } from './points.ts'

const APP = 'waking'
const MINUTE_MS = 60_000

test('a control plane that dies at any write of its very first start begins anew in the same folder', async (t) => {
  await using crashing = await Crashing.create()
  await tryPoints(t, async (crashAt) => {
    await using installation = await Installation.make({ variables: crashing.variables })
    return await crashing.starting(installation, crashAt, async () => {
      const { url, token } = installation
      assert.equal((await new Api({ url, token }).send('whoAmI')).role, 'admin')
      assert.deepEqual(await draftsIn(installation.dir), [])
    })
  })
})

test('a control plane that dies at any write of a start takes over what runs, and makes up for the last slot once', async (t) => {
  await using crashing = await Crashing.create()
  await using installation = await Installation.startIn({ variables: crashing.variables })
  await using folder = await AppFolder.create()
  const user = await PatientUser.create(installation, folder)
  await user.deploy(APP)
  const serving = await user.containers(APP, 'web')
  let minutes = 0
  await tryPoints(t, async (crashAt) => {
    const [newest] = await user.firings(APP)
    await installation.kill('SIGKILL')
    minutes += 1
    const variables = { ...crashing.variables, FAULTS_CLOCK_AHEAD_MS: String(minutes * MINUTE_MS) }
    installation.setting = { variables }
    return crashing.starting(installation, crashAt, async () => {
      await until('the slot to be made up for', async () => {
        const [latest] = await user.firings(APP)
        const isSeenTo = latest?.call !== undefined || latest?.outcome === 'skipped'
        return latest?.slot !== newest?.slot && isSeenTo
      })
      await user.checkRest(APP)
      await assertOneCallEach(user)
      assert.deepEqual(await user.containers(APP, 'web'), serving)
    })
  })
  await user.stop(APP)
  await assertNothingLeft(installation)
})

/** What a crash may leave half written. */
async function draftsIn(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true })
  return names.filter((name) => /\.new$|secret\.|draft/.test(name) && name !== join('blobs', 'drafts'))
}

/** Of slots that passed while it was down only the last one becomes a call; others were missed, or skipped while a call still ran. */
async function assertOneCallEach(user: PatientUser): Promise<void> {
  let recorded: (string | undefined)[] = []
  let made: string[] = []
  // A slot that comes meanwhile is a call before it is a firing, and both are asked for one after the other.
  await until('each slot to have its call', async () => {
    const firings = (await user.firings(APP)).filter(({ call }) => call !== undefined)
    recorded = firings.map(({ call }) => call?.id)
    made = (await user.calls(APP, 'now')).slice(0, recorded.length)
    return isDeepStrictEqual(recorded, made)
  }).catch((error) => assert.deepEqual(recorded, made, error.message))
}
