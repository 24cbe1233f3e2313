import type { RouteResponse } from '../protocol/routes.ts'
import type { Api, ApiRequest } from '../sdk/api.ts'

type PagedRoute = 'listApps' | 'listVersions' | 'listAudit' | 'listTokens' | 'listSecrets' | 'listContainers'

/** Items that one request asks for. */
const PER_PAGE = 200

/** All pages of a list, as one. */
export async function allPages<Id extends PagedRoute>(
  api: Api,
  route: Id,
  request: ApiRequest<Id>,
): Promise<{ items: RouteResponse<Id>['items'] }> {
  const items: RouteResponse<Id>['items'] = []
  let cursor: string | undefined
  do {
    const page = await api.send(route, { ...request, query: { ...request.query, limit: PER_PAGE, cursor } })
    items.push(...(page.items as never[]))
    cursor = page.cursor
  } while (cursor !== undefined)
  return { items }
}
