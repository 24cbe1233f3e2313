import { setTimeout } from 'node:timers/promises'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  paginateListQueues,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { Clock } from '../../../control/ports.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { nameOf, type Place, prefixOf } from './names.ts'
import type { Removals } from './removals.ts'

/** A queue that was not there may be by now: so long it is not asked for again. */
const ABSENCE_MS = 10_000
/** "You must wait at least one second after the queue is created to be able to use it", says `CreateQueue`. */
const NEW_QUEUE_MS = 1_000
/** The queue is no longer there; it was just made; it was made a second ago. */
const ATTEMPTS = 3
const LIST_PAGE = 1_000

const ATTRIBUTES = {
  /** A call waits as long as it must, and so does its hint: two weeks is the most that SQS keeps. */
  MessageRetentionPeriod: String(14 * 86_400),
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
}

interface QueuesOptions {
  sqs: SQSClient
  removals: Removals
  clock: Clock
  /** Begins every name. */
  prefix: string
}

/** The queues of apps: each is made when it is first needed, and known by its URL from then on. */
export class Queues {
  readonly #options: QueuesOptions
  readonly #removals = new Map<string, number>()
  readonly #urls = new Map<string, string>()
  readonly #absentUntil = new Map<string, number>()

  constructor(options: QueuesOptions) {
    this.#options = options
  }

  /** Undefined where there is none, or was none a moment ago. */
  async find(place: Place): Promise<string | undefined> {
    const name = await this.#nameOf(place)
    if ((this.#absentUntil.get(name) ?? 0) > this.#options.clock.now()) return undefined
    return this.#urls.get(name) ?? this.#look(name)
  }

  async findOrMake(place: Place): Promise<string> {
    const known = this.#known(place)
    if (known !== undefined) return known
    // Another process may have removed its app's queues since: under a name of before, it would wait alone.
    this.#removals.delete(appOf(place))
    const name = await this.#nameOf(place)
    return this.#urls.get(name) ?? (await this.#look(name)) ?? this.#make(name)
  }

  /** Does something with a queue, which is made where there is none, or none any more. */
  async use<Result>(place: Place, action: (url: string) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await action(await this.findOrMake(place))
      } catch (error) {
        if (!(error instanceof QueueDoesNotExist) || attempt === ATTEMPTS) throw error
        await this.forget(place)
        if (attempt > 1) await setTimeout(NEW_QUEUE_MS)
      }
    }
  }

  /** The queue turned out not to be there: its app's queues were removed, and are named anew. */
  async forget(place: Place): Promise<void> {
    this.#urls.delete(await this.#nameOf(place))
    this.#removals.delete(appOf(place))
  }

  async remove(key: AppKey): Promise<void> {
    const urls = await this.#list(this.#options.prefix + prefixOf(key))
    if (urls.length === 0) return
    // First, so that from now on nobody takes one of these names.
    await this.#options.removals.add(key)
    this.#removals.delete(appOf(key))
    for (const QueueUrl of urls)
      await this.#options.sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(absent)
  }

  #known(place: Place): string | undefined {
    const removals = this.#removals.get(appOf(place))
    return removals === undefined ? undefined : this.#urls.get(this.#options.prefix + nameOf(place, removals))
  }

  async #nameOf(place: Place): Promise<string> {
    const app = appOf(place)
    const removals = this.#removals.get(app) ?? (await this.#options.removals.count(place))
    this.#removals.set(app, removals)
    return this.#options.prefix + nameOf(place, removals)
  }

  async #look(name: string): Promise<string | undefined> {
    const { sqs, clock } = this.#options
    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: name })).catch(absent)
    if (!found?.QueueUrl) {
      this.#absentUntil.set(name, clock.now() + ABSENCE_MS)
      return undefined
    }
    return this.#know(name, found.QueueUrl)
  }

  async #make(name: string): Promise<string> {
    const made = await this.#options.sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: ATTRIBUTES }),
    )
    return this.#know(name, made.QueueUrl ?? '')
  }

  #know(name: string, url: string): string {
    this.#absentUntil.delete(name)
    this.#urls.set(name, url)
    return url
  }

  async #list(prefix: string): Promise<string[]> {
    const pages = paginateListQueues(
      { client: this.#options.sqs },
      { QueueNamePrefix: prefix, MaxResults: LIST_PAGE },
    )
    const urls: string[] = []
    for await (const { QueueUrls = [] } of pages) urls.push(...QueueUrls)
    return urls
  }
}

const appOf = ({ env, app }: AppKey): string => `${env}/${app}`

function absent(error: unknown): undefined {
  if (!(error instanceof QueueDoesNotExist)) throw error
}
