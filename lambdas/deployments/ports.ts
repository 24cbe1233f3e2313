import type { Ingress, Needs } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'

/** What it takes to serve the routes about apps and their versions. */
export type DeploymentsPorts = Needs<
  'blobs' | 'clock' | 'consoleUrl' | 'events' | 'ids' | 'keys' | 'store' | 'timetable' | 'worklist'
> & { ingress: Pick<Ingress, 'url' | 'remove'> }

/** The app that a request is about. */
export function keyIn(params: { app: string }, query: { env: string }): AppKey {
  return { env: query.env, app: params.app }
}
