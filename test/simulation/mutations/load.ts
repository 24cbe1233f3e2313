import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MUTATIONS } from './all.ts'
import type { Edit } from './mutation.ts'

/** Loaded before anything else: from then on the source is read with the fault that the environment names in it. */

const ROOT = join(import.meta.dirname, '../../..')
const name = process.env.SLUICE_MUTATION
const chosen = MUTATIONS.find((mutation) => mutation.name === name)
if (!chosen) throw new Error(`There is no mutation "${name}".`)

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const edits = chosen.edits.filter(({ file }) => url === pathToFileURL(join(ROOT, file)).href)
    if (edits.length === 0) return loaded
    return { ...loaded, source: edits.reduce(applied, String(loaded.source)) }
  },
})

function applied(text: string, { file, from, to }: Edit): string {
  if (!text.includes(from)) throw new Error(`${file} has changed: it has no "${from}" any more.`)
  return text.replace(from, () => to)
}
