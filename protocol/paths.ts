import type { ROUTES, RouteId } from './routes.ts'

/**
 * Method and path of each public route. They repeat the route table because that one carries the validator, which has no
 * business in the bundle of an author or of the console; the compiler sees to it that they agree.
 */
export const PATHS = {
  health: { method: 'GET', path: '/healthz' },
  missingBlobs: { method: 'POST', path: '/v1/blobs/missing' },
  deploy: { method: 'POST', path: '/v1/apps/{app}/versions' },
  listApps: { method: 'GET', path: '/v1/apps' },
  getApp: { method: 'GET', path: '/v1/apps/{app}' },
  listVersions: { method: 'GET', path: '/v1/apps/{app}/versions' },
  getVersion: { method: 'GET', path: '/v1/apps/{app}/versions/{version}' },
  rollback: { method: 'POST', path: '/v1/apps/{app}/rollback' },
  rollover: { method: 'POST', path: '/v1/apps/{app}/rollover' },
  stop: { method: 'POST', path: '/v1/apps/{app}/stop' },
  start: { method: 'POST', path: '/v1/apps/{app}/start' },
  keepAlive: { method: 'POST', path: '/v1/apps/{app}/keep-alive' },
  changeAutoscaler: { method: 'PATCH', path: '/v1/apps/{app}/functions/{function}/autoscaler' },
  plan: { method: 'POST', path: '/v1/apps/{app}/plan' },
  diff: { method: 'GET', path: '/v1/apps/{app}/diff' },
  previewRollback: { method: 'GET', path: '/v1/apps/{app}/rollback' },
  call: { method: 'POST', path: '/v1/apps/{app}/functions/{function}/calls' },
  getCall: { method: 'GET', path: '/v1/calls/{id}' },
  listCalls: { method: 'GET', path: '/v1/apps/{app}/calls' },
  listChildren: { method: 'GET', path: '/v1/calls/{id}/children' },
  promote: { method: 'POST', path: '/v1/apps/{app}/promote' },
  unstage: { method: 'POST', path: '/v1/apps/{app}/unstage' },
  cancelCall: { method: 'POST', path: '/v1/calls/{id}/cancel' },
  listContainers: { method: 'GET', path: '/v1/apps/{app}/containers' },
  getContainer: { method: 'GET', path: '/v1/containers/{id}' },
  stopContainer: { method: 'POST', path: '/v1/containers/{id}/stop' },
  listAudit: { method: 'GET', path: '/v1/audit' },
  listChannels: { method: 'GET', path: '/v1/channels' },
  writeChannel: { method: 'PUT', path: '/v1/channels/{name}' },
  deleteChannel: { method: 'DELETE', path: '/v1/channels/{name}' },
  testChannel: { method: 'POST', path: '/v1/channels/{name}/test' },
  listSchedules: { method: 'GET', path: '/v1/apps/{app}/schedules' },
  triggerSchedule: { method: 'POST', path: '/v1/apps/{app}/schedules/{function}/trigger' },
  pauseSchedule: { method: 'POST', path: '/v1/apps/{app}/schedules/{function}/pause' },
  resumeSchedule: { method: 'POST', path: '/v1/apps/{app}/schedules/{function}/resume' },
  collect: { method: 'POST', path: '/v1/collect' },
  collectUnused: { method: 'POST', path: '/v1/collect/unused' },
  logs: { method: 'GET', path: '/v1/apps/{app}/logs' },
  changes: { method: 'GET', path: '/v1/changes' },
  createToken: { method: 'POST', path: '/v1/tokens' },
  listTokens: { method: 'GET', path: '/v1/tokens' },
  revokeToken: { method: 'DELETE', path: '/v1/tokens/{id}' },
  whoAmI: { method: 'GET', path: '/v1/me' },
  openSession: { method: 'POST', path: '/v1/sessions' },
  beginSession: { method: 'POST', path: '/v1/sessions/redeem' },
  endSession: { method: 'DELETE', path: '/v1/sessions/current' },
  listSecrets: { method: 'GET', path: '/v1/secrets' },
  getSecret: { method: 'GET', path: '/v1/secrets/{name}' },
  putSecret: { method: 'PUT', path: '/v1/secrets/{name}' },
  deleteSecret: { method: 'DELETE', path: '/v1/secrets/{name}' },
  listEnvironments: { method: 'GET', path: '/v1/environments' },
  getEnvironment: { method: 'GET', path: '/v1/environments/{env}' },
  putEnvironment: { method: 'PUT', path: '/v1/environments/{env}' },
  deleteEnvironment: { method: 'DELETE', path: '/v1/environments/{env}' },
  getUsage: { method: 'GET', path: '/v1/apps/{app}/usage' },
  listUsage: { method: 'GET', path: '/v1/usage' },
  listActivity: { method: 'GET', path: '/v1/activity' },
} as const satisfies { [Id in RouteId]?: Pick<(typeof ROUTES)[Id], 'method' | 'path'> }

export type PublicRoute = keyof typeof PATHS

/** The path of a route, encoded. */
export function pathOf(route: PublicRoute, params: Record<string, string | number> = {}): string {
  return PATHS[route].path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(`${params[name] ?? ''}`))
}
