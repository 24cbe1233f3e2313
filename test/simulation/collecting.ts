import assert from 'node:assert/strict'
import { collectDue } from '../../control/collect.ts'
import { lastGood } from '../../control/rollback.ts'
import { KEY } from './manifest.ts'
import type { World } from './world.ts'

/** As though what is kept had grown old: a day has no room in a run. What is of use must still be there after. */
export async function collectOld(world: World): Promise<string> {
  const { store, ports } = world
  const app = await store.app(KEY)
  if (app?.state !== 'deployed') return 'not deployed'
  const live = app.liveVersion === undefined ? undefined : await store.version(KEY, app.liveVersion)
  const good = live && (await lastGood({ store }, live))
  const newest = await store.versions(KEY, { limit: ports.retention.versions })
  // One that is only being started may be of a plan that comes late, and be unseen by another one who collects.
  const before = (await store.containers(KEY)).filter(({ state }) => state !== 'starting')
  await collectDue(ports, app)
  const stayed = new Set((await store.containers(KEY)).map(({ id }) => id))
  const used = before.filter(({ id }) => stayed.has(id)).map(({ version }) => version)
  for (const version of used) await assertKept(world, version, 'has containers')
  const after = await store.app(KEY)
  if (after?.lastVersion !== app.lastVersion) return 'while a version was begun'
  for (const { version } of newest.items) await assertKept(world, version, 'is among the newest')
  if (good && after.liveVersion === live?.version)
    await assertKept(world, good.version, 'is what a rollback would go to')
  return 'done'
}

async function assertKept({ store }: World, version: number, why: string): Promise<void> {
  assert.ok(await store.version(KEY, version), `promise 8: v${version} was collected, which ${why}`)
}
