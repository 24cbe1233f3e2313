import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FUNCTION, nameFunctions } from '../../protocol/author.ts'
import type { Load } from '../ipc.ts'
import type { Handler } from './author-calls.ts'

/**
 * Loads the author's bundle and finds the function that this container is for.
 * @throws whatever the bundle throws, or an Error in words for the author
 */
export async function loadHandler({ root, entry, function: name }: Load): Promise<Handler> {
  const { functions, faults } = nameFunctions(await import(pathToFileURL(join(root, entry)).href))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const authored = functions.get(name)
  if (!authored) {
    const others = [...functions.keys()].join(', ')
    throw new Error(`The bundle has no function "${name}", only: ${others}`)
  }
  return authored[FUNCTION].handler as Handler
}
