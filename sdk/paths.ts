import type { ROUTES, RouteId } from '../protocol/routes.ts'
import { NameError } from './errors.ts'

/**
 * Method and path of each public route. They repeat the route table because that one carries the validator, which has no
 * business in an author's bundle; the compiler sees to it that they agree.
 */
export const PATHS = {
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

/** Every URL parser takes these out of a path, encoded or not, and what is left is the address of something else. */
const UNADDRESSABLE = ['', '.', '..']

/**
 * The address of a route below `base`. Query parameters that are undefined are left out.
 * @throws NameError for a name that no address can hold
 */
export function addressOf(
  base: string,
  route: PublicRoute,
  params: Record<string, string | number> = {},
  query: Record<string, string | number | boolean | undefined> = {},
): string {
  const path = PATHS[route].path.replace(/\{(\w+)\}/g, (_, name) => segment(name, `${params[name] ?? ''}`))
  const url = new URL(base.replace(/\/+$/, '') + path)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url.href
}

function segment(kind: string, name: string): string {
  if (UNADDRESSABLE.includes(name)) throw new NameError(kind, name)
  return encodeURIComponent(name)
}
