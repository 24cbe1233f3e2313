import { changeAutoscaler } from '../../control/autoscaler.ts'
import { compareVersions, planDeploy, previewRollback } from '../../control/changes.ts'
import { keepAlive } from '../../control/lease.ts'
import type { RouteHandler } from '../route-handler.ts'
import { autoscalerView, diffView, planView } from './change-views.ts'
import { type DeploymentsPorts, keyIn } from './ports.ts'

/** What a change would do, or has done, and the one that needs no version. */
export const changes: {
  plan: RouteHandler<'plan', DeploymentsPorts>
  diff: RouteHandler<'diff', DeploymentsPorts>
  previewRollback: RouteHandler<'previewRollback', DeploymentsPorts>
  keepAlive: RouteHandler<'keepAlive', DeploymentsPorts>
  changeAutoscaler: RouteHandler<'changeAutoscaler', DeploymentsPorts>
} = {
  plan: async (ports, { params, query, body }) => {
    const key = keyIn(params, query)
    return { body: planView(ports, key, body.manifest, await planDeploy(ports, key, body.manifest)) }
  },

  diff: async (ports, { params, query }) => ({
    body: diffView(ports, await compareVersions(ports, keyIn(params, query), query)),
  }),

  previewRollback: async (ports, { params, query }) => {
    const preview = await previewRollback(ports, keyIn(params, query), query)
    return { body: { ...diffView(ports, preview), drain: preview.drain } }
  },

  keepAlive: async (ports, { params, query, body }) => {
    const key = keyIn(params, query)
    const until = await keepAlive(ports, key, body.seconds)
    return { body: { ...key, until: new Date(until).toISOString() } }
  },

  changeAutoscaler: async (ports, { params, query, body, principal }) => {
    const { reason, client, ...patch } = body
    const changed = await changeAutoscaler(ports, {
      key: keyIn(params, query),
      function: params.function,
      patch,
      reason,
      client,
      by: principal.name,
    })
    return { body: autoscalerView(changed) }
  },
}
