import assert from 'node:assert/strict'
import { changeAutoscaler } from '../../control/autoscaler.ts'
import { accept } from '../../control/calls.ts'
import { collectDue } from '../../control/collect.ts'
import { deploy } from '../../control/deploy.ts'
import { promote } from '../../control/promote.ts'
import { rollback } from '../../control/rollback.ts'
import { rollover } from '../../control/rollover.ts'
import { pauseSchedule, resumeSchedule } from '../../control/schedule-requests.ts'
import { start } from '../../control/start.ts'
import { stop } from '../../control/stop.ts'
import { unstage } from '../../control/unstage.ts'
import type { Strategy } from '../../protocol/api.ts'
import { anyManifest, KEY } from './manifest.ts'
import type { Random } from './random.ts'
import { clearSecrets, rotate } from './secrets.ts'
import type { Situation } from './situation.ts'
import type { Visitors } from './visitors.ts'

/** What actions can reach. */
export interface Stage extends Situation {
  readonly visitors: Visitors
  /** True where there was one. */
  killOne(random: Random): boolean
}

interface Action {
  /** How many of a hundred lots are its. */
  weight: number
  /** It draws from a stream of its own. */
  act(stage: Stage, random: Random): unknown
}

/** What people, programs and the platform do to the world. */
export const ACTIONS = {
  deploy: { weight: 10, act: (stage, random) => deployAny(stage, random, false) },
  stage: { weight: 2, act: (stage, random) => deployAny(stage, random, true) },
  'end staged': { weight: 1, act: endStaged },
  'roll back': {
    weight: 3,
    act: ({ world }, random) => rollback(world.ports, { ...BY, strategy: strategy(random) }),
  },
  'roll over': {
    weight: 2,
    act: ({ world }, random) => rollover(world.ports, { ...BY, strategy: strategy(random) }),
  },
  stop: { weight: 1, act: stopApp },
  collect: { weight: 1, act: collect },
  'container dies': { weight: 3, act: (stage, random) => (stage.killOne(random) ? 'done' : 'none could') },
  'pause or resume': {
    weight: 2,
    act: ({ world }, random) =>
      (random.chance(0.3) ? pauseSchedule : resumeSchedule)(world.ports, { ...BY, function: 'nightly' }),
  },
  scale: { weight: 4, act: scaleOtherwise },
  start: { weight: 2, act: ({ world }) => start(world.ports, BY) },
  'rotate secret': {
    weight: 2,
    act: ({ world }, random) => rotate(world.ports, String(random.between(0, 2 ** 31))),
  },
  'clear secrets': { weight: 1, act: ({ world, injector }) => clearSecrets(world.ports, injector) },
  visit: { weight: 22, act: ({ visitors }) => visitors.visit() },
  'visit staged': { weight: 4, act: ({ visitors }, random) => visitors.visitStaged(random) },
  call: { weight: 40, act: call },
} satisfies Record<string, Action>

export type ActionName = keyof typeof ACTIONS

const BY = { key: KEY, by: 'ann' }

const versionOf = (random: Random) => ({ ...BY, manifest: anyManifest(random) })

const strategy = (random: Random): Strategy => (random.chance(0.15) ? 'recreate' : 'rolling')

async function deployAny({ world }: Stage, random: Random, staged: boolean) {
  const request = { ...versionOf(random), strategy: strategy(random), staged }
  const { version, unchanged } = await deploy(world.ports, request)
  return unchanged ? 'unchanged' : version
}

async function endStaged({ world }: Stage, random: Random): Promise<string> {
  const app = await world.store.app(KEY)
  const version = random.pick(app?.staged ?? [])
  if (version === undefined) return 'none is staged'
  if (random.chance(0.3)) {
    await unstage(world.ports, { ...BY, version })
    return 'unstaged'
  }
  await promote(world.ports, { ...BY, version, strategy: strategy(random) })
  return 'promoted'
}

/** As though what is kept had grown old: a day has no room in a run. */
async function collect({ world }: Stage): Promise<void> {
  const app = await world.store.app(KEY)
  if (app?.state === 'deployed') await collectDue(world.ports, app)
}

async function stopApp({ world }: Stage): Promise<string> {
  const waiting = await world.store.pendingCalls(KEY, undefined, undefined, 1)
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

async function call({ world, invariants }: Stage, random: Random) {
  const name = random.chance(0.8) ? 'work' : 'extra'
  const app = await world.store.app(KEY)
  const choices = [pin(app?.liveVersion, random), ...(app?.staged ?? [])]
  const pinned = random.chance(0.25) ? random.pick(choices) : undefined
  const acked = invariants.acknowledged()
  const accepted = await accept(world.ports, {
    ...BY,
    function: name,
    args: { json: '[]' },
    source: 'api',
    version: pinned,
  })
  invariants.accepted(accepted, acked)
  return accepted
}

/** The live version, or any one before it. */
const pin = (live: number | undefined, random: Random): number | undefined =>
  live !== undefined && random.chance(0.5) ? random.between(1, live) : live
