import { after, before, test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { Crashing } from './crashing.ts'
import { assertNoStrays, assertNothingLeft } from './leftovers.ts'
import { PatientUser } from './patient-user.ts'
import { tryPoints } from './points.ts'

interface Step {
  name: string
  app: string
  /** What must be so before it can be done, again and again. */
  prepare?: () => Promise<void>
  act: () => Promise<void>
}

let crashing: Crashing
let installation: Installation
let folder: AppFolder
let user: PatientUser

before(async () => {
  crashing = await Crashing.create()
  installation = await Installation.startIn({ variables: crashing.variables })
  folder = await AppFolder.create()
  user = await PatientUser.create(installation, folder)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await crashing[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

for (const step of steps()) {
  test(`a control plane that dies at any write of ${step.name} goes on where it was`, async (t) => {
    await user.deploy(step.app)
    await tryPoints(t, async (crashAt) => {
      await step.prepare?.()
      const crash = await crashing.during(installation, crashAt, async () => {
        await step.act()
        await user.checkRest(step.app)
        await assertNoStrays(installation, () => user.containers(step.app))
      })
      return crash
    })
    await user.stop(step.app)
    await assertNothingLeft(installation)
  })
}

function steps(): Step[] {
  const simple = (app: string, name: string, act: (app: string) => Promise<void>): Step => ({
    app,
    name,
    act: () => act(app),
  })
  return [
    simple('uploads', 'an upload', () => user.upload()),
    simple('calls', 'a call', (app) => user.call(app, 7)),
    {
      ...simple('first-calls', 'a call that starts a container', (app) => user.call(app, 7)),
      prepare: () => user.deploy('first-calls'),
    },
    simple('large-calls', 'a call with much to say', (app) =>
      user.call(app, crypto.randomUUID().repeat(5000)),
    ),
    simple('spawned', 'a call that nobody waits for', (app) => user.call(app, 8, 0)),
    simple('cancelled', 'a call that is cancelled', (app) => user.cancel(app)),
    simple('runs', 'a run of a schedule by hand', (app) => user.runNow(app)),
    simple('redeploys', 'a redeploy', (app) => user.deploy(app)),
    {
      ...simple('rollbacks', 'a rollback', (app) => user.rollBack(app)),
      prepare: () => user.deploy('rollbacks'),
    },
    { ...simple('starts', 'a start', (app) => user.start(app)), prepare: () => user.stop('starts') },
    { ...simple('stops', 'a stop', (app) => user.stop(app)), prepare: () => user.restart('stops') },
  ]
}
