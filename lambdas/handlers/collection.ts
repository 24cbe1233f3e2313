import type { CollectPorts } from '../../control/collect.ts'
import { collectApps, collectStoppedApp } from '../../control/collect-apps.ts'
import { type CollectUnusedPorts, collectUnused } from '../../control/collect-unused.ts'
import type { Needs } from '../../control/ports.ts'
import { COLLECTION_ROUTES } from '../../protocol/collection-routes.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'

export type CollectionPorts = CollectPorts & CollectUnusedPorts & Needs<'keys'>

/** What is removed because nothing needs it any more. */
export function makeCollectionHandler(ports: CollectionPorts, report?: ReportError): ApiHandler {
  return groupHandler<'collection', CollectionPorts>(
    COLLECTION_ROUTES,
    ports,
    { collect, collectUnused: removeUnused },
    report,
  )
}

const collect: RouteHandler<'collect', CollectionPorts> = async (ports, { query, body, principal }) => {
  const { env, ...page } = query
  const { app, dryRun } = body
  if (app === undefined) return { body: await collectApps(ports, { env, page, dryRun }) }
  const item = await collectStoppedApp(ports, { key: { env, app }, by: principal.name, dryRun })
  return { body: { items: [item] } }
}

const removeUnused: RouteHandler<'collectUnused', CollectionPorts> = async (ports, { body }) => ({
  body: await collectUnused(ports, body),
})
