import { activityOfApps } from '../../control/activity.ts'
import type { Needs } from '../../control/ports.ts'
import { type Asked, type UsagePorts, usageOfApp, usageOfApps } from '../../control/usage.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { USAGE_ROUTES } from '../../protocol/usage-routes.ts'
import { activityView } from '../activity-view.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { extentView, figuresView, lineView } from '../usage-view.ts'

export type UsageHandlerPorts = UsagePorts & Needs<'keys'>

/** What apps did, and what that cost. */
export function makeUsageHandler(ports: UsageHandlerPorts, report?: ReportError): ApiHandler {
  return groupHandler<'usage', UsageHandlerPorts>(
    USAGE_ROUTES,
    ports,
    { getUsage, listUsage, listActivity },
    report,
  )
}

const getUsage: RouteHandler<'getUsage', UsageHandlerPorts> = async (ports, { params, query }) => {
  const { env, by, step, version } = query
  const { range, prices, total, lines } = await usageOfApp(
    ports,
    { env, app: params.app },
    { ...timesOf(query), by, step, function: query.function, version },
  )
  return {
    body: {
      app: params.app,
      ...extentView(env, range, prices, ports.tariff),
      total: figuresView(total, prices),
      items: lines.map((line) => lineView(line, prices)),
    },
  }
}

const listUsage: RouteHandler<'listUsage', UsageHandlerPorts> = async (ports, { query }) => {
  const { env } = query
  const { range, prices, items, cursor } = await usageOfApps(ports, env, timesOf(query), query)
  return {
    body: {
      ...extentView(env, range, prices, ports.tariff),
      items: items.map(({ app, tags, total }) => ({ app, tags, ...figuresView(total, prices) })),
      ...(cursor !== undefined && { cursor }),
    },
  }
}

const listActivity: RouteHandler<'listActivity', UsageHandlerPorts> = async (ports, { query }) => {
  const { env, q } = query
  return { body: activityView(env, await activityOfApps(ports, env, { ...query, containing: q })) }
}

function timesOf({ since, until }: { since?: string | undefined; until?: string | undefined }): Asked {
  const at = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time))
  return { since: at(since), until: at(until) }
}
