import { Duration } from 'aws-cdk-lib'
import type { EventBus } from 'aws-cdk-lib/aws-events'
import { Construct } from 'constructs'
import type { Route } from '../../protocol/route.ts'
import { alarm } from '../alarm.ts'
import type { ComputeStack } from '../compute-stack.ts'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler, type HandlerProps } from '../handler.ts'
import type { IngressStack } from '../ingress-stack.ts'
import { blobs } from '../means/blobs.ts'
import { stopping } from '../means/compute.ts'
import { listening } from '../means/events.ts'
import { releases, removing } from '../means/ingress.ts'
import { keys } from '../means/keys.ts'
import { forgettingLogs, logs, telling } from '../means/logs.ts'
import { notifier, outbox } from '../means/notices.ts'
import { queue } from '../means/queue.ts'
import { retention } from '../means/retention.ts'
import { secrets } from '../means/secrets.ts'
import { store } from '../means/store.ts'
import { tariff } from '../means/tariff.ts'
import { timetable } from '../means/timetable.ts'
import { worklist } from '../means/worklist.ts'
import type { NetworkStack } from '../network-stack.ts'
import type { Notices } from './notices.ts'
import type { Schedules } from './schedules.ts'

/** An HTTP API gives up after 30 s. */
const TIMEOUT = Duration.seconds(29)
/** Callers are held while their call runs, at a price by memory. */
const HOLDING_MEMORY_MB = 256
const ALARM_PERIOD = Duration.minutes(5)

export interface ApiHandlersProps {
  context: Context
  network: NetworkStack
  data: DataStack
  compute: ComputeStack
  ingress: IngressStack
  bus: EventBus
  schedules: Schedules
  notices: Notices
}

/** The handler of each group of routes. Every one reads tokens and containers, to know who asks. */
export class ApiHandlers extends Construct {
  readonly byGroup: Record<Route['group'], Handler>

  constructor(scope: Construct, id: string, props: ApiHandlersProps) {
    super(scope, id)
    const { context, data, compute, bus, schedules, notices } = props
    const hints = [queue(data, 'send'), worklist(data, 'ask')]
    this.byGroup = {
      public: this.#make('public', 'answers what needs no token', { context }),
      deployments: this.#make('deployments', 'takes deploys, rollbacks and stops', {
        context,
        means: [
          ...identity(data),
          store(data, {
            apps: ['read', 'put', 'update', 'delete'],
            calls: ['read'],
            collection: ['read', 'update'],
            history: ['put'],
            schedules: ['list', 'put', 'update'],
            environments: ['read', 'check', 'update'],
          }),
          worklist(data, 'ask'),
          blobs(data, 'get'),
          removing(props),
          timetable(data, schedules),
          listening(bus),
        ],
      }),
      calls: this.#make('calls', 'takes calls', {
        context,
        memoryMb: HOLDING_MEMORY_MB,
        means: [
          ...identity(data),
          ...hints,
          store(data, {
            apps: ['read'],
            calls: ['read', 'put', 'update', 'delete'],
            containers: ['update'],
            collection: ['read', 'update'],
          }),
          blobs(data, 'get', 'put'),
          listening(bus),
        ],
      }),
      containers: this.#make('containers', 'lists and stops containers', {
        context,
        means: [
          ...identity(data),
          ...hints,
          store(data, {
            apps: ['read', 'update'],
            calls: ['read', 'update'],
            containers: ['update'],
            history: ['put'],
            usage: ['put'],
          }),
          outbox(data),
          stopping(data, compute),
          telling(data, compute),
          listening(bus),
        ],
      }),
      logs: this.#make('logs', 'reads what containers wrote', {
        context,
        means: [...identity(data), store(data, { apps: ['read'] }), logs(data, compute)],
      }),
      blobs: this.#make('blobs', 'says where to upload', {
        context,
        means: [
          ...identity(data),
          store(data, { collection: ['read', 'update'] }),
          blobs(data, 'get', 'put'),
        ],
      }),
      audit: this.#make('audit', 'tells who changed what, and keeps channels', {
        context,
        means: [
          ...identity(data),
          store(data, {
            apps: ['read'],
            history: ['read', 'put'],
            channels: ['read', 'put', 'update', 'delete'],
          }),
          notifier(data, notices.topic),
        ],
      }),
      tokens: this.#make('tokens', 'makes and revokes tokens', {
        context,
        means: [
          ...identity(data),
          store(data, { tokens: ['put', 'update'], history: ['put'], environments: ['read'] }),
        ],
      }),
      schedules: this.#make('schedules', 'lists, triggers and pauses schedules', {
        context,
        means: [
          ...identity(data),
          ...hints,
          store(data, {
            apps: ['read'],
            calls: ['read', 'put', 'update', 'delete'],
            schedules: ['read', 'put', 'update'],
            history: ['put'],
          }),
        ],
      }),
      secrets: this.#make('secrets', 'writes secrets, and keeps environments apart', {
        context,
        means: [
          ...identity(data),
          store(data, {
            apps: ['read'],
            history: ['put'],
            environments: ['read', 'put', 'update', 'delete'],
          }),
          secrets(data, 'write'),
        ],
      }),
      usage: this.#make('usage', 'tells what apps did and cost', {
        context,
        means: [
          ...identity(data),
          store(data, { apps: ['read'], schedules: ['list'], usage: ['read'] }),
          tariff(props.network, context),
        ],
      }),
      collection: this.#make('collection', 'removes what is kept no longer', {
        context,
        means: [
          ...identity(data),
          store(data, {
            environments: ['read', 'delete'],
            apps: ['read', 'put', 'update', 'delete'],
            calls: ['read'],
            containers: ['read', 'update'],
            history: ['put'],
            schedules: ['list', 'delete'],
            collection: ['read', 'put', 'update', 'delete'],
          }),
          blobs(data, 'list', 'remove'),
          queue(data, 'remove'),
          forgettingLogs(data, compute),
          secrets(data, 'remove'),
          retention(context),
        ],
      }),
      runtime: this.#make('runtime', 'answers containers', {
        context,
        reservedConcurrency: context.runtimeConcurrency,
        means: [
          ...identity(data),
          worklist(data, 'ask'),
          queue(data, 'send', 'receive'),
          store(data, {
            apps: ['read'],
            calls: ['read', 'update'],
            containers: ['update'],
            history: ['put'],
            usage: ['update'],
            collection: ['read', 'update'],
          }),
          outbox(data),
          blobs(data, 'get', 'put'),
          secrets(data, 'read'),
          releases(data),
          listening(bus),
        ],
      }),
    }
    alarm(this, 'Throttles', {
      context,
      metric: this.byGroup.runtime.function.metricThrottles({ period: ALARM_PERIOD }),
      says: 'Requests of containers were turned away, for want of concurrent executions. Raise the account’s quota for AWS Lambda, or `runtimeConcurrency`.',
    })
  }

  #make(
    group: Route['group'],
    description: string,
    props: Pick<HandlerProps, 'context' | 'means' | 'memoryMb' | 'reservedConcurrency'>,
  ): Handler {
    const id = `${group[0]?.toUpperCase()}${group.slice(1)}`
    const entry = group === 'runtime' ? 'runtime/runtime' : `api/${group}`
    return new Handler(this, id, { ...props, entry, description, timeout: TIMEOUT })
  }
}

const identity = (data: DataStack) => [keys(data), store(data, { containers: ['read'], tokens: ['read'] })]
