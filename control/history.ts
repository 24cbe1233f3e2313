import type { AppKey } from '../protocol/names.ts'
import type { Version } from './model.ts'
import type { Needs } from './ports.ts'

const PAGE = 100

/** The versions of an app, newest first, read as far as they are asked for. */
export async function* historyOf(ports: Needs<'store'>, key: AppKey): AsyncGenerator<Version> {
  let cursor: string | undefined
  do {
    const page = await ports.store.versions(key, { cursor, limit: PAGE })
    yield* page.items
    cursor = page.cursor
  } while (cursor !== undefined)
}
