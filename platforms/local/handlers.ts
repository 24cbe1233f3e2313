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
import type { Services } from './server/dispatch.ts'

/** Every Lambda function of the API, in this one process. */
export function makeHandlers(ports: Ports, report: Services['report']): Services['handlers'] {
  return {
    public: makePublicHandler(report),
    deployments: makeDeploymentsHandler(ports, report),
    calls: makeCallsHandler(ports, report),
    collection: makeCollectionHandler(ports, report),
    containers: makeContainersHandler(ports, report),
    logs: makeLogsHandler(ports, report),
    blobs: makeBlobsHandler(ports, report),
    audit: makeAuditHandler(ports, report),
    tokens: makeTokensHandler(ports, report),
    schedules: makeSchedulesHandler(ports, report),
    secrets: makeSecretsHandler(ports, report),
    usage: makeUsageHandler(ports, report),
    runtime: makeRuntimeHandler(ports, report),
  }
}
