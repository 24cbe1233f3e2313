/**
 * The tables as data, for the stacks that create them and the code that uses them. Every key is a string, except those
 * in `numbers`. Reads are by key or by one of these indexes; nothing scans.
 */
export interface TableShape {
  partitionKey: string
  sortKey?: string
  /** Only items that have both keys are in an index, so leaving one out takes the item off a list. */
  indexes?: Record<string, IndexShape>
  /** Seconds since the epoch, after which DynamoDB forgets the item. */
  timeToLive?: string
  /** Whether what is written can be read by others as it comes. */
  stream?: boolean
}

export interface IndexShape {
  partitionKey: string
  sortKey: string
  sortKeyType?: 'string' | 'number'
  /** What the index holds beside the keys. */
  include?: string[]
}

/** Apps, their versions with their manifests, pools of containers, requests that wait, and labels: what deploys write. */
const apps: TableShape = {
  partitionKey: 'key',
  sortKey: 'item',
  indexes: {
    /** Apps of an environment, by name. */
    byEnvironment: { partitionKey: 'listedIn', sortKey: 'name' },
  },
}

/** One item for each call; an idempotency key is an item of its own. */
const calls: TableShape = {
  partitionKey: 'id',
  indexes: {
    /** Calls that wait, by app, then function and pin, then when they are due. */
    pending: { partitionKey: 'pendingIn', sortKey: 'place' },
    /** The same calls over all apps, by when they are due; in shards, since one partition takes 1,000 writes a second. */
    due: { partitionKey: 'dueIn', sortKey: 'availableAt', sortKeyType: 'number' },
    /** Calls that were made for another one. */
    children: { partitionKey: 'parent', sortKey: 'id' },
    /** Every call of an app, by age. */
    recent: { partitionKey: 'madeIn', sortKey: 'id', include: ['function'] },
    /** Calls that a function's schedule made and that have not ended. */
    scheduled: { partitionKey: 'scheduledIn', sortKey: 'id' },
  },
  timeToLive: 'expiresAt',
}

/** Each with the ids of the calls that it holds a lease for, so that both change together and are read without delay. */
const containers: TableShape = {
  partitionKey: 'id',
  indexes: {
    /** Those that are not stopped: one list, by app. */
    present: { partitionKey: 'presence', sortKey: 'place' },
    /** Those that stopped, by app, by when. */
    past: { partitionKey: 'stoppedIn', sortKey: 'place' },
    /** Those that failed, by version, by when they stopped. */
    failed: { partitionKey: 'failedIn', sortKey: 'place' },
  },
  timeToLive: 'expiresAt',
}

/** By the hash of what is sent; an item of its own leads from each token's id to its hash. */
const tokens: TableShape = {
  partitionKey: 'hash',
  indexes: {
    /** All of them, by age: an installation has tens. */
    listed: { partitionKey: 'listedIn', sortKey: 'id' },
  },
  timeToLive: 'forgetAt',
}

/**
 * What was changed, by whom: an entry is in the list of its app, or of its environment if it is about no app. And what
 * people are told of, with each delivery of it.
 */
const history: TableShape = {
  partitionKey: 'place',
  sortKey: 'id',
  indexes: {
    /** All of an environment, by age. */
    environment: { partitionKey: 'env', sortKey: 'id', include: ['entry'] },
    /** Deliveries that are to be tried, by when. */
    due: { partitionKey: 'list', sortKey: 'dueAt', sortKeyType: 'number' },
  },
  timeToLive: 'expiresAt',
  stream: true,
}

/** Functions that run by themselves, and what became of their slots. */
const schedules: TableShape = {
  partitionKey: 'key',
  sortKey: 'item',
  indexes: {
    /** Schedules by when they are expected to fire. */
    expected: { partitionKey: 'list', sortKey: 'expectedAt', sortKeyType: 'number' },
  },
  timeToLive: 'expiresAt',
}

/** Environments; and their secrets with all versions, but without values. */
const environments: TableShape = { partitionKey: 'env', sortKey: 'item' }
/** Where notices go. */
const channels: TableShape = { partitionKey: 'env', sortKey: 'name' }

/** What the platform has made for apps: endpoints, targets, schedules, tasks; and when an app is due to be looked at. */
const resources: TableShape = {
  partitionKey: 'owner',
  sortKey: 'item',
  indexes: {
    /** Apps that are to be reconciled, by when. */
    due: { partitionKey: 'list', sortKey: 'dueAt', sortKeyType: 'number' },
  },
  timeToLive: 'expiresAt',
}

/** By app: what containers reported, by slot and by hour, and what is kept of those that stopped. */
const usage: TableShape = { partitionKey: 'key', sortKey: 'item', timeToLive: 'expiresAt' }

/** Contents that are to be removed. Apart, since whoever takes a call may change it, but no app. */
const collection: TableShape = { partitionKey: 'list' }

export const TABLES = {
  apps,
  calls,
  containers,
  tokens,
  history,
  channels,
  environments,
  resources,
  usage,
  schedules,
  collection,
}
export type TableName = keyof typeof TABLES
