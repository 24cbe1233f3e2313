import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MUTATIONS } from './all.ts'

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
    const source = edits.reduce((text, { from, to }) => text.replace(from, () => to), String(loaded.source))
    return { ...loaded, source }
  },
})
