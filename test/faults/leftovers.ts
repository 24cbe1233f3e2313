import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Installation } from '../e2e/installation.ts'
import { type FoundProcess, processesOf } from '../e2e/processes.ts'
import { until } from '../e2e/reached.ts'

/**
 * Every process is the control plane, or a child of it, or of one of these containers; but for what is just dying.
 * @param installation whose control plane may die meanwhile, and be another one then
 * @param containers asked for anew each time, since they come and go by themselves
 */
export async function assertNoStrays(
  installation: Installation,
  containers: () => Promise<string[]>,
): Promise<void> {
  const { dir } = installation
  let strays: FoundProcess[] = []
  await until('every process to belong to somebody', async () => {
    const leaders = await Promise.all((await containers()).map((id) => leaderOf(dir, id)))
    const known = [installation.pid, ...leaders]
    strays = (await processesOf(dir)).filter((one) => !known.includes(one.pid) && !known.includes(one.parent))
    return strays.length === 0
  }).catch((error) => {
    throw new Error(`${error.message}; nobody's are ${strays.map(({ command }) => command)}`)
  })
}

/** Undefined where it has none yet, or none any more. */
async function leaderOf(dir: string, id: string): Promise<number | undefined> {
  const noted = await readFile(join(dir, 'containers', id, 'process.json'), 'utf8').catch(() => undefined)
  return noted && JSON.parse(noted).pid
}

/** Once all apps are stopped there is the control plane, and nothing else. */
export async function assertNothingLeft({ dir, pid }: Installation): Promise<void> {
  let left: FoundProcess[] = []
  await until('the last container to be gone', async () => {
    left = (await processesOf(dir)).filter((found) => found.pid !== pid)
    return left.length === 0
  }).catch((error) => {
    throw new Error(`${error.message}; left are ${left.map(({ command }) => command)}`)
  })
  // The folder of a container goes last, once its end has been told of.
  let kept: string[] = []
  await until('the folders of the containers to be gone', async () => {
    kept = await readdir(join(dir, 'containers'))
    return kept.length === 0
  }).catch((error) => assert.deepEqual(kept, [], error.message))
  assert.deepEqual(await readdir(join(dir, 'blobs/drafts')), [])
}
