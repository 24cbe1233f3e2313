import assert from 'node:assert/strict'
import { changeAutoscaler } from '../../control/autoscaler.ts'
import { deploy } from '../../control/deploy.ts'
import { promote } from '../../control/promote.ts'
import { rollback } from '../../control/rollback.ts'
import { rollover } from '../../control/rollover.ts'
import { pauseSchedule, resumeSchedule } from '../../control/schedule-requests.ts'
import { start } from '../../control/start.ts'
import { stop } from '../../control/stop.ts'
import { unstage } from '../../control/unstage.ts'
import type { Strategy } from '../../protocol/api.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { call, callOnce, cancelOne } from './callers.ts'
import { CALLING } from './calling.ts'
import { changeChannel } from './channels.ts'
import { collectOld } from './collecting.ts'
import { anyManifest, KEY } from './manifest.ts'
import { Random } from './random.ts'
import { clearSecrets, rotate, SECRET } from './secrets.ts'
import { burst, SEVERAL } from './several.ts'
import type { Action, Stage } from './stage.ts'

/** What people, programs and the platform do to the world. */
const ALONE = {
  deploy: { weight: 10, act: (stage, random) => deployAny(stage, random, false) },
  stage: { weight: 2, act: (stage, random) => deployAny(stage, random, true) },
  'end staged': { weight: 3, act: endStaged },
  'roll back': {
    weight: 3,
    act: ({ world }, random) => rollback(world.ports, { ...BY, strategy: strategy(random) }),
  },
  'roll over': { weight: 2, act: rollOver },
  stop: { weight: 2, act: stopApp },
  collect: { weight: 2, act: ({ world }) => collectOld(world) },
  'container dies': { weight: 3, act: (stage, random) => (stage.killOne(random) ? 'done' : 'none could') },
  'pause or resume': {
    weight: 4,
    act: (stage, random) => (random.chance(0.5) ? pause(stage) : resume(stage)),
  },
  scale: { weight: 4, act: scaleOtherwise },
  start: { weight: 2, act: ({ world }) => start(world.ports, BY) },
  'rotate secret': {
    weight: 2,
    act: ({ world }, random) => rotate(world.ports, String(random.between(0, 2 ** 31))),
  },
  'clear secrets': { weight: 1, act: clearOldSecrets },
  visit: { weight: 22, act: ({ visitors }) => visitors.visit() },
  'visit staged': { weight: 4, act: ({ visitors }, random) => visitors.visitStaged(random) },
  call: { weight: 37, act: call },
  'call once': { weight: 3, act: callOnce },
  cancel: { weight: 4, act: cancelOne },
  /** When, is drawn apart. */
  'change channel': { weight: 0, act: changeChannel },
  ...CALLING,
  ...SEVERAL,
} satisfies Record<string, Action>

export const ACTIONS = {
  ...ALONE,
  burst: { weight: 3, act: (stage, random) => burst(stage, random, ALONE) },
} satisfies Record<string, Action>

export type ActionName = keyof typeof ACTIONS

const BY = { key: KEY, by: 'ann' }
/** For so long somebody looks whether what is live does badly. */
const DOUBT_MS = 15_000

const versionOf = (random: Random) => ({ ...BY, manifest: anyManifest(random) })

const strategy = (random: Random): Strategy => (random.chance(0.15) ? 'recreate' : 'rolling')

async function deployAny({ world }: Stage, random: Random, staged: boolean) {
  const request = { ...versionOf(random), strategy: strategy(random), staged }
  const { version, unchanged } = await deploy(world.ports, request).catch(async (error: unknown) => {
    if (!(error instanceof SluiceError) || error.code !== 'invalid_manifest') throw error
    // There is no such secret: who is told so makes it.
    await rotate(world.ports, String(random.between(0, 2 ** 31)))
    return deploy(world.ports, request)
  })
  return unchanged ? 'unchanged' : version
}

async function endStaged({ world }: Stage, random: Random): Promise<string> {
  const app = await world.store.app(KEY)
  const version = random.pick(app?.staged ?? [])
  if (version === undefined) return 'none is staged'
  if (random.chance(0.3)) {
    const { status } = await unstage(world.ports, { ...BY, version })
    assert.notEqual(status, 'staged', 'promise 9: what was given up is staged')
    return 'unstaged'
  }
  await promote(world.ports, { ...BY, version, strategy: strategy(random) })
  return 'promoted'
}

async function clearOldSecrets({ world, injector }: Stage) {
  await clearSecrets(world.ports, { injector, clockErrorMs: world.clockErrorMs })
}

/** A rollover is for fresh containers, and for fresh secrets. */
async function rollOver({ world }: Stage, random: Random) {
  const before = await world.store.secret(SECRET)
  const version = await rollover(world.ports, { ...BY, strategy: strategy(random) })
  const pinned = version.secretVersions?.[SECRET.name] ?? Number.POSITIVE_INFINITY
  assert.ok(pinned >= (before?.version ?? 0), 'secrets: a rollover did not take the newest')
  return version
}

async function pause({ world, invariants }: Stage) {
  const answered = invariants.pauses.begin()
  await pauseSchedule(world.ports, { ...BY, function: 'nightly' })
  answered()
  return 'paused'
}

async function resume({ world, invariants }: Stage) {
  const ended = invariants.pauses.end()
  await resumeSchedule(world.ports, { ...BY, function: 'nightly' }).finally(ended)
  return 'resumed'
}

/** Now and then amid calls, some of which come just before, and some just after. */
async function stopApp(stage: Stage, random: Random): Promise<string> {
  const { world, time } = stage
  for (let calls = random.chance(0.5) ? 4 : 0; calls > 0; calls--) {
    const seed = random.between(0, 2 ** 31)
    time.after(random.between(0, 12), () => stage.insist(async () => await call(stage, new Random(seed))))
  }
  await time.sleep(random.between(0, 6))
  // Who sees that what is live does badly may stop it just as it is rolled back.
  if (random.chance(0.3)) {
    await Promise.race([world.failures.seen(), time.sleep(DOUBT_MS)])
    await time.sleep(random.between(0, 30))
  }
  const waiting = await world.store.pendingCalls(KEY, undefined, undefined, 1)
  // Whoever stops it is likely to die over it, if anybody is.
  if (random.chance(0.5)) stage.injector.doom()
  const stopped = await stop(world.ports, BY)
  const app = await world.store.app(KEY)
  // It may have been deployed meanwhile, and be stopping once more.
  if (app?.state === 'stopping' && app.stoppedAt === stopped.stoppedAt)
    assert.equal(world.routes.size, 0, 'promise 8: a stopped app has an address')
  return waiting.length > 0 ? 'while calls waited' : 'done'
}

/** Within what any version allows, which is what the promise is held to. */
async function scaleOtherwise({ world }: Stage, random: Random): Promise<void> {
  const orNot = (count: number) => (random.chance(0.3) ? null : count)
  await changeAutoscaler(world.ports, {
    ...BY,
    function: random.chance(0.5) ? 'work' : 'page',
    patch: { minContainers: orNot(random.between(0, 2)), maxContainers: orNot(1) },
  })
}
