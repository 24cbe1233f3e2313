import { stopContainer } from '../../control/containers.ts'
import { deploy } from '../../control/deploy.ts'
import { deleteSecret } from '../../control/secrets.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { rethrown } from './calling.ts'
import { anyManifest, KEY } from './manifest.ts'
import type { Random } from './random.ts'
import { rotate, SECRET } from './secrets.ts'
import type { Action, Stage } from './stage.ts'
import { isMisfortune } from './unreliable.ts'

const BY = { key: KEY, by: 'cem' }
/** For so long somebody looks whether a new version fails to start. */
const WATCH_MS = 15_000

/** What several people do, or one who does not look. */
export const SEVERAL = {
  'deploy the same': { weight: 2, act: deployTheSame },
  'stop container': {
    weight: 2,
    act: (stage, random) => (random.chance(0.3) ? stopOldOnes(stage) : stopOne(stage, random)),
  },
  'remove secret': { weight: 2, act: removeSecret },
} satisfies Record<string, Action>

const AT_ONCE = [
  'deploy',
  'deploy',
  'deploy the same',
  'stage',
  'end staged',
  'roll back',
  'roll over',
  'stop',
  'start',
  'scale',
  'rotate secret',
  'call',
  'cancel',
] as const

/** People who do not know of each other act in the same moment. */
export async function burst(
  stage: Stage,
  random: Random,
  actions: Record<(typeof AT_ONCE)[number], Action>,
): Promise<string> {
  const names = Array.from({ length: random.between(2, 5) }, () => random.pick(AT_ONCE) ?? 'deploy')
  const answers = await Promise.allSettled(
    // Each draws from the same stream, so one after the other begins, and they go on side by side.
    names.map(async (name) => actions[name].act(stage, random)),
  )
  rethrown(answers.filter((answer) => answer.status === 'rejected' && !isRefused(answer.reason)))
  const refused = answers.filter(({ status }) => status === 'rejected').length
  return refused === 0 ? 'all done' : refused < answers.length ? 'some were refused' : 'all were refused'
}

const isRefused = (error: unknown): boolean => error instanceof SluiceError || isMisfortune(error)

async function deployTheSame({ world }: Stage, random: Random) {
  const app = await world.store.app(KEY)
  const live = app?.liveVersion === undefined ? undefined : await world.store.version(KEY, app.liveVersion)
  if (!app || !live) return 'nothing is live'
  const { version, unchanged } = await deploy(world.ports, {
    ...BY,
    manifest: live.manifest,
    strategy: 'rolling',
    ...(random.chance(0.3) && { expectVersion: app.lastVersion }),
  })
  return unchanged ? 'unchanged' : version
}

/** Somebody takes a secret for one that nobody needs, while another one deploys with it. */
async function removeSecret({ world, time }: Stage, random: Random): Promise<string> {
  const key = { ...SECRET, name: `spare-${random.between(0, 2 ** 31)}` }
  await rotate(world.ports, key.name, key)
  const manifest = anyManifest(random)
  if (manifest.functions.page) manifest.functions.page.secrets = [key.name]
  const delay = random.between(0, 40)
  const [deployed, removed] = await Promise.allSettled([
    deploy(world.ports, { ...BY, manifest, strategy: 'rolling' }),
    time.sleep(delay).then(() => deleteSecret(world.ports, { key, force: false, by: BY.by })),
  ])
  rethrown([deployed, removed].filter((answer) => answer.status === 'rejected' && !isRefused(answer.reason)))
  if (removed.status === 'fulfilled') return 'removed'
  return isMisfortune(removed.reason) ? 'cut off' : 'needed'
}

/** Somebody has the old containers leave just as the new version fails to start: then nothing needs it any more. */
async function stopOldOnes({ world, time }: Stage): Promise<string> {
  const { store, ports } = world
  for (const until = time.now + WATCH_MS; time.now < until; await time.sleep(200)) {
    const newest = (await store.rollingVersions(KEY)).at(-1)
    if (!newest || (await store.failedContainers(KEY, newest.version)).length === 0) continue
    const containers = await store.containers(KEY)
    const old = containers.filter(({ version, state }) => version !== newest.version && state !== 'draining')
    for (const { id } of old) await stopContainer(ports, id, { graceful: true, by: BY.by })
    return 'the old ones'
  }
  return 'no start failed'
}

async function stopOne({ world, containers }: Stage, random: Random): Promise<string> {
  const container = random.pick(await world.store.containers(KEY))
  if (!container) return 'there is none'
  const graceful = random.chance(0.6)
  const process = containers.get(container.id)
  if (process && !graceful) process.isCondemned = true
  await stopContainer(world.ports, container.id, { graceful, by: BY.by })
  return graceful ? 'gracefully' : 'at once'
}
