import { after, before, type TestContext, test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { type Crash, Crashing } from './crashing.ts'
import { PatientUser } from './patient-user.ts'

/** With this in the environment the control plane dies at every point, which takes many minutes; without it, at a few. */
const EVERY = process.env.FAULTS_EVERY_POINT !== undefined
/** Of so many points in a row one is tried otherwise. */
const STRIDE = 14

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
        await user.checkStrays(step.app)
      })
      return crash
    })
    await user.stop(step.app)
    await user.checkNothingLeft()
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

/** Each point in turn, until there are no more; or some that lie evenly among them. */
async function tryPoints(
  t: TestContext,
  run: (crashAt: number | undefined) => Promise<Crash>,
): Promise<void> {
  // The first time is not like those that follow.
  await run(undefined)
  const { points: counted } = await run(undefined)
  const chosen = EVERY ? counted.keys() : sampleOf(counted)
  let last = 0
  let tried = 0
  for (const index of chosen) {
    last = index + 1
    if ((await run(last)).crashed) tried += 1
  }
  // More may be written in a run than in the one that was counted.
  while (EVERY && (await run(last + 1)).crashed) {
    last += 1
    tried += 1
  }
  t.diagnostic(`died at ${tried} of ${Math.max(last, counted.length)} points`)
}

/** Evenly spread; and where a container's process has just been started, as that is noted nowhere yet. */
function sampleOf(points: string[]): number[] {
  const indexes = [...points.keys()]
  const started = indexes.filter((index) => points[index]?.startsWith('after spawn')).slice(0, 1)
  const spread = indexes.filter((index) => index % STRIDE === Math.floor(STRIDE / 2))
  return [...new Set([...spread, ...started])]
}
