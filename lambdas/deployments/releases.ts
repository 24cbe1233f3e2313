import { findApp } from '../../control/find.ts'
import { endedOverrides } from '../../control/overrides.ts'
import { promote } from '../../control/promote.ts'
import { unstage } from '../../control/unstage.ts'
import type { RouteHandler } from '../route-handler.ts'
import { versionView } from '../views.ts'
import { begunView } from './change-views.ts'
import { type DeploymentsPorts, keyIn } from './ports.ts'

/** What becomes of staged versions. */
export const releases: {
  promote: RouteHandler<'promote', DeploymentsPorts>
  unstage: RouteHandler<'unstage', DeploymentsPorts>
} = {
  promote: async (ports, { params, query, body, principal }) => {
    const key = keyIn(params, query)
    // Read before: as soon as the version is live, they are gone.
    const app = await findApp(ports, key)
    const version = await promote(ports, { ...body, key, by: principal.name })
    return { body: begunView(ports, version, endedOverrides(app, version)) }
  },

  unstage: async (ports, { params, query, body, principal }) => {
    const version = await unstage(ports, { ...body, key: keyIn(params, query), by: principal.name })
    return { body: versionView(ports, version) }
  },
}
