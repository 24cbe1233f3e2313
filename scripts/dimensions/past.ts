import { deploy, deploySmall, draft } from '../../test/console/deploys.ts'
import { begin, end, ready, startContainer } from '../../test/console/fleet.ts'
import { History } from '../../test/console/history.ts'
import { OPERATIONS, type Operation, WITHOUT_HANDOVER } from './operations.ts'
import { KEY, type Scene, SUBJECT } from './scene.ts'

const NEIGHBOUR = 'neighbour'
/** More than a rollback looks back at once. */
const SOME = 100

/** Something of which there is more and more. */
export interface Dimension {
  /** As a part of a file's name. */
  name: string
  what: string
  sizes: readonly number[]
  operations: readonly Operation[]
  /** That the app has had before. */
  versions: number
  /** From `present` of it to `wanted`. */
  grow(scene: Scene, present: number, wanted: number): Promise<void>
}

export const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'apps',
    versions: SOME,
    what: 'apps',
    sizes: [10, 100, 1_000, 10_000],
    operations: OPERATIONS,
    grow: (scene, present, wanted) =>
      scene.fill(async (store) => {
        for (let i = present; i < wanted; i++)
          await deploySmall(store, scene.history, `app-${String(i).padStart(5, '0')}`)
      }),
  },
  {
    name: 'versions',
    what: 'versions of the app',
    sizes: [10, 100, 1_000],
    operations: OPERATIONS,
    versions: 0,
    grow: (scene, present, wanted) => scene.fillVersions(wanted - present),
  },
  {
    name: 'calls',
    versions: SOME,
    what: 'past calls of the app',
    sizes: [100, 1_000, 10_000, 100_000],
    operations: OPERATIONS,
    grow: (scene, present, wanted) =>
      scene.fill(async (store) => {
        const telling = { store, history: scene.history }
        const pool = { app: SUBJECT, version: await scene.liveVersion(), name: 'work', max: 1 }
        for (const { id } of await store.containers(KEY))
          await store.containerStopped(id, 'is old', Date.now())
        const container = await startContainer(telling, pool, 0)
        await ready(telling, container)
        for (let i = present; i < wanted; i++) await end(telling, await begin(telling, container), i)
      }),
  },
  {
    name: 'containers-elsewhere',
    versions: SOME,
    what: 'containers of another app',
    sizes: [10, 100, 1_000],
    operations: OPERATIONS,
    grow: async (scene, present, wanted) => {
      const functions = { work: { maxContainers: 1_000, scaledownWindow: 3_600 } }
      await scene.fill(async (store) => {
        if (present === 0) await deploy(store, scene.history, draft(scene.history, NEIGHBOUR, functions))
      })
      await launch(scene, { app: NEIGHBOUR, version: 1, name: 'work', max: 1_000 }, present, wanted)
    },
  },
  {
    name: 'containers',
    versions: SOME,
    what: 'containers of the app',
    sizes: [10, 100, 1_000],
    operations: WITHOUT_HANDOVER,
    grow: async (scene, present, wanted) =>
      launch(
        scene,
        { app: SUBJECT, version: await scene.liveVersion(), name: 'crowd', max: 1_000 },
        present,
        wanted,
      ),
  },
]

/** They have been idle since a moment ago, so that none is let go. */
function launch(
  scene: Scene,
  pool: { app: string; version: number; name: string; max: number },
  present: number,
  wanted: number,
): Promise<void> {
  const history = new History(Date.now())
  return scene.fill(async (store) => {
    for (let i = present; i < wanted; i++)
      await ready({ store, history }, await startContainer({ store, history }, pool, i))
  })
}
