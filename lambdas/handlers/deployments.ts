import { deploy } from '../../control/deploy.ts'
import { describeApp } from '../../control/describe.ts'
import { awaitVersion, findApp } from '../../control/find.ts'
import { rollback } from '../../control/rollback.ts'
import { rollover } from '../../control/rollover.ts'
import { start } from '../../control/start.ts'
import { stop } from '../../control/stop.ts'
import { APP_ROUTES } from '../../protocol/app-routes.ts'
import { CHANGE_ROUTES } from '../../protocol/change-routes.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { RELEASE_ROUTES } from '../../protocol/release-routes.ts'
import { begunView } from '../deployments/change-views.ts'
import { changes } from '../deployments/changes.ts'
import { type DeploymentsPorts, keyIn } from '../deployments/ports.ts'
import { releases } from '../deployments/releases.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { appView, pageView, versionView } from '../views.ts'

const NOTHING_NEW = 200

/** Apps and their versions. */
export function makeDeploymentsHandler(ports: DeploymentsPorts, report?: ReportError): ApiHandler {
  return groupHandler<'deployments', DeploymentsPorts>(
    { ...APP_ROUTES, ...CHANGE_ROUTES, ...RELEASE_ROUTES },
    ports,
    {
      deploy: deployVersion,
      listApps,
      getApp,
      listVersions,
      getVersion,
      rollback: rollBack,
      rollover: rollOver,
      start: startApp,
      stop: stopApp,
      ...changes,
      ...releases,
    },
    report,
  )
}

const deployVersion: RouteHandler<'deploy', DeploymentsPorts> = async (
  ports,
  { params, query, body, principal },
) => {
  const { version, unchanged, ended } = await deploy(ports, {
    ...body,
    key: keyIn(params, query),
    by: principal.name,
  })
  if (unchanged) return { status: NOTHING_NEW, body: { ...versionView(ports, version), unchanged } }
  return { body: begunView(ports, version, ended) }
}

const listApps: RouteHandler<'listApps', DeploymentsPorts> = async (ports, { query }) => {
  const page = await ports.store.apps(query.env, { ...query, containing: query.q })
  const described = await Promise.all(page.items.map((app) => describeApp(ports, app)))
  return {
    body: pageView(
      page,
      described.map((description) => appView(ports, description)),
    ),
  }
}

const getApp: RouteHandler<'getApp', DeploymentsPorts> = async (ports, { params, query }) => {
  const app = await findApp(ports, keyIn(params, query))
  return { body: appView(ports, await describeApp(ports, app)) }
}

const listVersions: RouteHandler<'listVersions', DeploymentsPorts> = async (ports, { params, query }) => {
  const app = await findApp(ports, keyIn(params, query))
  const page = await ports.store.versions(app, query)
  return {
    body: pageView(
      page,
      page.items.map((version) => versionView(ports, version)),
    ),
  }
}

const getVersion: RouteHandler<'getVersion', DeploymentsPorts> = async (ports, { params, query }) => {
  const version = await awaitVersion(ports, keyIn(params, query), params.version, query.wait * 1000)
  return { body: versionView(ports, version) }
}

const rollBack: RouteHandler<'rollback', DeploymentsPorts> = async (
  ports,
  { params, query, body, principal },
) => {
  const version = await rollback(ports, { ...body, key: keyIn(params, query), by: principal.name })
  return { body: versionView(ports, version) }
}

const rollOver: RouteHandler<'rollover', DeploymentsPorts> = async (
  ports,
  { params, query, body, principal },
) => {
  const version = await rollover(ports, { ...body, key: keyIn(params, query), by: principal.name })
  return { body: versionView(ports, version) }
}

const startApp: RouteHandler<'start', DeploymentsPorts> = async (
  ports,
  { params, query, body, principal },
) => {
  const version = await start(ports, { ...body, key: keyIn(params, query), by: principal.name })
  return { body: versionView(ports, version) }
}

const stopApp: RouteHandler<'stop', DeploymentsPorts> = async (ports, { params, query, body, principal }) => {
  const app = await stop(ports, { ...body, key: keyIn(params, query), by: principal.name })
  return { body: appView(ports, await describeApp(ports, app)) }
}
