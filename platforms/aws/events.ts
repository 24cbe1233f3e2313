import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Events, Subscription, Topic } from '../../control/event-ports.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Settings } from './settings.ts'

/** What one PutEvents takes. */
const BATCH = 10
/** Whoever waits looks again after so long, then after half as long again, and so on. */
const FIRST_LOOK_MS = 100
const LAST_LOOK_MS = 1_000
const APP = 'app:'

export interface AwsEvents extends Events {
  /** Sends what was published. To be awaited before a handler answers: afterwards its process is frozen. */
  flush(): Promise<void>
}

/** @param report told of words that were not taken: they are lost, and nothing else. */
export function makeEvents(settings: Settings, report: (error: unknown) => void = console.error): AwsEvents {
  return new BusEvents({ client: new EventBridgeClient(CLIENT_SETTINGS), bus: settings.eventBus, report })
}

interface BusEventsOptions {
  client: EventBridgeClient
  bus: string
  report: (error: unknown) => void
}

/**
 * Changes of apps go out to an EventBridge bus. No word comes back in: a process that waits for one has no address, so
 * every wait ends early and has its caller look at the table again.
 */
export class BusEvents implements AwsEvents {
  readonly #options: BusEventsOptions
  readonly #changed = new Set<string>()

  constructor(options: BusEventsOptions) {
    this.#options = options
  }

  publish(topic: Topic): void {
    if (topic.startsWith(APP)) this.#changed.add(topic.slice(APP.length))
  }

  subscribe(): Subscription {
    return new Looks()
  }

  async flush(): Promise<void> {
    const changed = [...this.#changed]
    this.#changed.clear()
    for (let sent = 0; sent < changed.length; sent += BATCH)
      await this.#send(changed.slice(sent, sent + BATCH))
  }

  async #send(apps: string[]): Promise<void> {
    const { client, bus, report } = this.#options
    try {
      const { FailedEntryCount, Entries = [] } = await client.send(
        new PutEventsCommand({ Entries: apps.map((app) => entryOf(app, bus)) }),
      )
      const refusal = Entries.find(({ ErrorCode }) => ErrorCode)
      if (FailedEntryCount)
        report(new Error(`${bus} refused ${FailedEntryCount} events: ${refusal?.ErrorMessage}`))
    } catch (error) {
      report(error)
    }
  }
}

function entryOf(topic: string, bus: string) {
  const [env, app] = topic.split('/')
  return {
    EventBusName: bus,
    Source: 'sluice',
    DetailType: 'App Changed',
    Detail: JSON.stringify({ env, app }),
  }
}

/** Says at growing intervals that there may be something new. */
class Looks implements Subscription {
  #intervalMs = FIRST_LOOK_MS
  #closed = false
  #end: ((noticed: boolean) => void) | undefined

  next(ms: number): Promise<boolean> {
    this.#end?.(false)
    if (this.#closed) return Promise.resolve(false)
    const isLook = this.#intervalMs < ms
    const timeout = isLook ? this.#intervalMs : ms
    if (isLook) this.#intervalMs = Math.min(this.#intervalMs * 1.5, LAST_LOOK_MS)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end?.(isLook), timeout)
      this.#end = (noticed) => {
        clearTimeout(timer)
        this.#end = undefined
        resolve(noticed)
      }
    })
  }

  close(): void {
    this.#closed = true
    this.#end?.(false)
  }
}
