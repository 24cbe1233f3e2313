import type { Ports } from '../../control/ports.ts'
import { makeAuditHandler } from '../../lambdas/handlers/audit.ts'
import { makeBlobsHandler } from '../../lambdas/handlers/blobs.ts'
import { makeCallsHandler } from '../../lambdas/handlers/calls.ts'
import { makeCollectionHandler } from '../../lambdas/handlers/collection.ts'
import { makeContainersHandler } from '../../lambdas/handlers/containers.ts'
import { makeDeploymentsHandler } from '../../lambdas/handlers/deployments.ts'
import { makeLogsHandler } from '../../lambdas/handlers/logs.ts'
import { makePublicHandler } from '../../lambdas/handlers/public.ts'
import { makeRuntimeHandler } from '../../lambdas/handlers/runtime.ts'
import { makeSchedulesHandler } from '../../lambdas/handlers/schedules.ts'
import { makeSecretsHandler } from '../../lambdas/handlers/secrets.ts'
import { makeTokensHandler } from '../../lambdas/handlers/tokens.ts'
import { makeUsageHandler } from '../../lambdas/handlers/usage.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import type { Services } from './server/dispatch.ts'
import type { SqliteStore } from './store/store.ts'

type MakeHandler = (ports: Ports, report: Services['report']) => ApiHandler

/**
 * Every Lambda function of the API, in this one process.
 * @param local where given, whatever belongs to a call waits once for what it has written to be committed
 */
export function makeHandlers(
  ports: Ports,
  report: Services['report'],
  local?: Pick<SqliteStore, 'database' | 'early'>,
): Services['handlers'] {
  const quick = (make: MakeHandler) => (local ? onceSettled(make, ports, report, local) : make(ports, report))
  return {
    public: makePublicHandler(report),
    deployments: makeDeploymentsHandler(ports, report),
    calls: quick(makeCallsHandler),
    collection: makeCollectionHandler(ports, report),
    containers: makeContainersHandler(ports, report),
    logs: makeLogsHandler(ports, report),
    blobs: makeBlobsHandler(ports, report),
    audit: makeAuditHandler(ports, report),
    tokens: makeTokensHandler(ports, report),
    schedules: makeSchedulesHandler(ports, report),
    secrets: makeSecretsHandler(ports, report),
    usage: makeUsageHandler(ports, report),
    runtime: quick(makeRuntimeHandler),
  }
}

/**
 * A handler that goes on while what it has written is still to be committed, together with what follows from it: a call is
 * accepted and given to a container in one commit. Nobody outside hears of it before, since all that it does besides stays
 * within this process; what that leads to asks the store, which answers others once it is committed.
 */
function onceSettled(
  make: MakeHandler,
  ports: Ports,
  report: Services['report'],
  { database, early }: Pick<SqliteStore, 'database' | 'early'>,
): ApiHandler {
  const handle = make(Object.assign(Object.create(ports), { store: early }), report)
  return async (event) => {
    const settled = database.commits.follow()
    const answer = await handle(event)
    await settled()
    return answer
  }
}
