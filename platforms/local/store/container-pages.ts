import { containerCursor, pageStart, partsOf } from '../../../control/container-pages.ts'
import type { Container } from '../../../control/model.ts'
import type { Page, Paged } from '../../../control/paging.ts'
import type { ContainerFilter } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { Row } from './database.ts'
import { paged } from './pages.ts'
import { toContainer } from './rows.ts'

/** After every id, and after every time. */
const END = { id: '~', stoppedAt: Number.MAX_SAFE_INTEGER }

/** @param select finds containers by what follows the `where` */
export function containersPage(
  select: (where: string, values: Record<string, string | number | undefined>) => Row[],
  { env, app }: AppKey,
  filter: ContainerFilter,
  page: Page,
): Paged<Container> {
  const start = pageStart(page)
  const parts = partsOf(filter, start)
  const { function: name, version, state } = filter
  const fits = `env = $env and app = $app and function = coalesce($name, function)
    and version = coalesce($version, version) and state = coalesce($state, state)`
  const values = { env, app, name, version, state }
  const present = parts.present
    ? select(`${fits} and state <> 'stopped' and id < $id order by id desc limit $limit`, {
        ...values,
        id: start?.id ?? END.id,
        limit: page.limit + 1,
      })
    : []
  const stopped = parts.stopped
    ? select(
        `${fits} and state = 'stopped' and (stopped_at, id) < ($stoppedAt, $id)
         order by stopped_at desc, id desc limit $limit`,
        {
          ...values,
          ...(start?.stoppedAt === undefined ? END : start),
          limit: page.limit + 1 - present.length,
        },
      )
    : []
  return paged([...present, ...stopped].map(toContainer), page, containerCursor)
}
