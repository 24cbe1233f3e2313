import type { Role } from '../../protocol/access.ts'
import type { RouteId } from '../../protocol/routes.ts'

/** Who may ask for a route, decided here once more and by hand: what the route table says has to come to the same. */
export interface Decision {
  /** People and programs whose token has one of these roles; `anyone` needs no token at all. */
  roles: 'anyone' | readonly Role[]
  container: boolean
  /**
   * What a token of one environment, or a container, is told of another. `refused`: that it may not go there.
   * `hidden`: that there is no such thing. `open`: the route knows no environments.
   */
  elsewhere: 'refused' | 'hidden' | 'open'
}

const ALL = ['viewer', 'invoker', 'deployer', 'admin'] as const
const NOBODY = [] as const
const LOOK = ['viewer', 'deployer', 'admin'] as const
const CALL = ['invoker', 'deployer', 'admin'] as const
const CHANGE = ['deployer', 'admin'] as const

const OPEN: Decision = { roles: 'anyone', container: true, elsewhere: 'open' }
const LOOKING: Decision = { roles: LOOK, container: false, elsewhere: 'refused' }
const CALLING: Decision = { roles: CALL, container: true, elsewhere: 'refused' }
const CHANGING: Decision = { roles: CHANGE, container: false, elsewhere: 'refused' }
const ADMINISTERING: Decision = { roles: ['admin'], container: false, elsewhere: 'refused' }
const RUNTIME: Decision = { roles: NOBODY, container: true, elsewhere: 'open' }

/** A route that is missing here is a decision that nobody has taken: take it, and access-matrix.test.ts holds the route to it. */
export const DECISIONS: Readonly<Record<RouteId, Decision>> = {
  health: OPEN,
  openapi: OPEN,

  missingBlobs: CALLING,

  deploy: CHANGING,
  listApps: LOOKING,
  getApp: LOOKING,
  listVersions: LOOKING,
  getVersion: LOOKING,
  rollback: CHANGING,
  rollover: CHANGING,
  promote: CHANGING,
  unstage: CHANGING,
  start: CHANGING,
  stop: CHANGING,
  keepAlive: CHANGING,
  changeAutoscaler: CHANGING,
  plan: LOOKING,
  diff: LOOKING,
  previewRollback: LOOKING,

  call: CALLING,
  getCall: { roles: ALL, container: true, elsewhere: 'hidden' },
  listChildren: { roles: LOOK, container: false, elsewhere: 'hidden' },
  cancelCall: { roles: CALL, container: true, elsewhere: 'hidden' },
  listCalls: LOOKING,

  listContainers: LOOKING,
  getContainer: { roles: LOOK, container: false, elsewhere: 'hidden' },
  stopContainer: { roles: CHANGE, container: false, elsewhere: 'hidden' },

  listSchedules: LOOKING,
  triggerSchedule: CHANGING,
  pauseSchedule: CHANGING,
  resumeSchedule: CHANGING,

  logs: LOOKING,
  changes: LOOKING,

  collect: ADMINISTERING,
  collectUnused: ADMINISTERING,

  listAudit: LOOKING,
  listChannels: LOOKING,
  writeChannel: ADMINISTERING,
  deleteChannel: ADMINISTERING,
  testChannel: ADMINISTERING,

  createToken: ADMINISTERING,
  listTokens: ADMINISTERING,
  revokeToken: ADMINISTERING,
  whoAmI: { roles: ALL, container: true, elsewhere: 'open' },
  openSession: { roles: ALL, container: false, elsewhere: 'open' },
  beginSession: OPEN,
  endSession: { roles: ALL, container: false, elsewhere: 'open' },

  listSecrets: LOOKING,
  getSecret: LOOKING,
  putSecret: CHANGING,
  deleteSecret: CHANGING,
  listEnvironments: LOOKING,
  getEnvironment: LOOKING,
  putEnvironment: ADMINISTERING,
  deleteEnvironment: ADMINISTERING,
  getUsage: LOOKING,
  listUsage: LOOKING,
  listActivity: LOOKING,

  boot: RUNTIME,
  ready: RUNTIME,
  next: RUNTIME,
  heartbeat: RUNTIME,
  exit: RUNTIME,
  upload: RUNTIME,
  judge: RUNTIME,
}
