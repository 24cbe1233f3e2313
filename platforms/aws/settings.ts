/**
 * What the stacks tell the handlers, by environment variable; written and read here only. Each handler is given those of
 * its own ports.
 */
const VARIABLES = {
  /** Base address of the API, as containers reach it. */
  apiUrl: 'SLUICE_API_URL',
  /** Where the web console is, without a slash at its end; absent where it is left out. */
  consoleUrl: 'SLUICE_CONSOLE_URL',
  appsTable: 'SLUICE_APPS_TABLE',
  callsTable: 'SLUICE_CALLS_TABLE',
  containersTable: 'SLUICE_CONTAINERS_TABLE',
  tokensTable: 'SLUICE_TOKENS_TABLE',
  collectionTable: 'SLUICE_COLLECTION_TABLE',
  historyTable: 'SLUICE_HISTORY_TABLE',
  usageTable: 'SLUICE_USAGE_TABLE',
  schedulesTable: 'SLUICE_SCHEDULES_TABLE',
  channelsTable: 'SLUICE_CHANNELS_TABLE',
  /** What the platform has made for apps: endpoints, targets, schedules, tasks. */
  resourcesTable: 'SLUICE_RESOURCES_TABLE',
  environmentsTable: 'SLUICE_ENVIRONMENTS_TABLE',
  /** Begins the name of what keeps the values of secrets. */
  secretsPrefix: 'SLUICE_SECRETS_PREFIX',
  blobsBucket: 'SLUICE_BLOBS_BUCKET',
  /** ARN of the secret that container tokens and idempotency fingerprints are made with. */
  keySecret: 'SLUICE_KEY_SECRET',
  /** Begins the name of each queue that is made for a function. */
  queuePrefix: 'SLUICE_QUEUE_PREFIX',
  workQueueUrl: 'SLUICE_WORK_QUEUE_URL',
  noticeQueueUrl: 'SLUICE_NOTICE_QUEUE_URL',
  eventBus: 'SLUICE_EVENT_BUS',
  logGroup: 'SLUICE_LOG_GROUP',
  /** What the log group keeps. */
  logRetentionDays: 'SLUICE_LOG_RETENTION_DAYS',
  cluster: 'SLUICE_CLUSTER',
  taskDefinition: 'SLUICE_TASK_DEFINITION',
  /** Comma-separated. */
  taskSubnets: 'SLUICE_TASK_SUBNETS',
  taskSecurityGroup: 'SLUICE_TASK_SECURITY_GROUP',
  /** `ENABLED` in public subnets, where a task needs an address of its own to reach the API. */
  taskPublicIp: 'SLUICE_TASK_PUBLIC_IP',
  /** Of containers, for what they cost. */
  architecture: 'SLUICE_ARCHITECTURE',
  region: 'SLUICE_REGION',
  vpc: 'SLUICE_VPC',
  /** JSON: a list for each load balancer, see ingress/shards.ts. */
  ingressShards: 'SLUICE_INGRESS_SHARDS',
  /** What web endpoints are below; without one they are paths of the load balancer's own name. */
  ingressDomain: 'SLUICE_INGRESS_DOMAIN',
  /** Where an endpoint is, with `<label>` for its label. */
  ingressUrl: 'SLUICE_INGRESS_URL',
  /** Where the names of endpoints on further shards are written. */
  hostedZone: 'SLUICE_HOSTED_ZONE',
  scheduleGroup: 'SLUICE_SCHEDULE_GROUP',
  /** What EventBridge Scheduler invokes, as whom, and where it leaves what it could not deliver. */
  scheduleTarget: 'SLUICE_SCHEDULE_TARGET',
  scheduleRole: 'SLUICE_SCHEDULE_ROLE',
  scheduleDeadLetters: 'SLUICE_SCHEDULE_DEAD_LETTERS',
  /** JSON of what the operator has chosen to keep, see retention.ts. */
  retention: 'SLUICE_RETENTION',
  /** The function that reaches containers from inside the network, for the activator. */
  forwarder: 'SLUICE_FORWARDER',
} as const

/** Where web functions listen, in every container: the load balancers and the forwarder are let in there only. */
export const CONTAINER_PORT = 8080

/** Begins the names of the log streams that are apps' own; those of containers begin with their task's prefix. */
export const SYSTEM_LOG_PREFIX = 'system/'

/** What stands for a label in `ingressUrl`. */
export const LABEL_PLACE = '<label>'

export type Setting = keyof typeof VARIABLES

/** Reading one that is not there throws, and names the variable. */
export type Settings = Readonly<Record<Setting, string>> & { optional(name: Setting): string | undefined }

export function toVariables(settings: Partial<Record<Setting, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [VARIABLES[name as Setting], value]),
  )
}

export function fromVariables(variables: Record<string, string | undefined>): Settings {
  const settings = { optional: (name: Setting) => variables[VARIABLES[name]] }
  for (const [name, variable] of Object.entries(VARIABLES)) {
    Object.defineProperty(settings, name, { get: () => variables[variable] ?? missing(variable) })
  }
  return settings as Settings
}

function missing(variable: string): never {
  throw new Error(`This handler was deployed without ${variable}. Deploy the stacks again.`)
}
