import { bundle } from '../../../sdk/deploy/bundle.ts'
import { deployFile } from '../../../sdk/deploy/deploy.ts'
import { Client } from '../../../sdk/index.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { eightFunctions, shared, write } from '../eight-functions.ts'
import type { Group } from '../group.ts'
import { type Contestant, interleaved, type Measure, rowsOf, type Sample } from '../rounds.ts'

const MEASURES: Record<string, Measure> = {
  first: { title: 'its first version', unit: 'ms', digits: 0 },
  unchanged: { title: 'deployed again, unchanged', unit: 'ms', digits: 0 },
  changed: { title: 'one line changed', unit: 'ms', digits: 0 },
}

export const deploy: Group = {
  name: 'deploy',
  title: 'A deploy of an app of eight functions, until it is live',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const installation = stack.use(await Installation.start())
    const { url, token } = installation
    const { api } = new Client({ url, token })
    const contestants = [
      await contestant(stack, 'esbuild alone', 'limit', bundle),
      await contestant(stack, 'Sluice, from a program', 'ours', (entry) => deployFile({ api, entry })),
      await contestant(stack, 'Sluice, by its command line', 'ours', (entry) =>
        installation.run('deploy', entry),
      ),
    ]
    return rowsOf(deploy.name, MEASURES, await interleaved(contestants, bench))
  },
}

/** Each round has an app of its own. */
async function contestant(
  stack: AsyncDisposableStack,
  name: string,
  side: Contestant['side'],
  work: (entry: string) => Promise<unknown>,
): Promise<Contestant> {
  const folder = stack.use(await AppFolder.create())
  const time = async () => {
    const began = performance.now()
    await work(folder.entry)
    return performance.now() - began
  }
  const run = async (round: number): Promise<Sample> => {
    const app = `${name.replaceAll(/\W+/g, '-').toLowerCase()}-${round + 1}`
    await write(folder, eightFunctions(app, 'before'))
    const [first, unchanged] = [await time(), await time()]
    await folder.write('shared.ts', shared('after'))
    return { first, unchanged, changed: await time() }
  }
  return { name, side, run }
}
