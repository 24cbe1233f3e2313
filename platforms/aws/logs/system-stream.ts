import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import type { SystemLine } from '../../../control/log-port.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { SYSTEM_LOG_PREFIX } from '../settings.ts'

/** Of what this process wrote last, so that a plan that is repeated costs nothing. */
const REMEMBERED = 2_000

export const systemStream = ({ env, app }: AppKey): string => `${SYSTEM_LOG_PREFIX}${env}/${app}`

/** Writes what the control plane says of apps, to a stream for each. */
export class SystemStreams {
  readonly #client: CloudWatchLogsClient
  readonly #group: string
  readonly #written = new Set<string>()

  constructor(client: CloudWatchLogsClient, group: string) {
    this.#client = client
    this.#group = group
  }

  /** Somebody else may write the same at the same time: whoever reads leaves out what comes a second time. */
  async write(key: AppKey, lines: SystemLine[]): Promise<void> {
    const stream = systemStream(key)
    const fresh = lines.filter(({ id }) => !this.#written.has(`${stream} ${id}`))
    if (fresh.length === 0) return
    const events = fresh.toSorted((one, other) => one.at - other.at).map((line) => eventOf(key, line))
    try {
      await this.#put(stream, events)
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error
      await this.#create(stream)
      await this.#put(stream, events)
    }
    for (const { id } of fresh) this.#remember(`${stream} ${id}`)
  }

  async #put(logStreamName: string, logEvents: { timestamp: number; message: string }[]): Promise<void> {
    await this.#client.send(new PutLogEventsCommand({ logGroupName: this.#group, logStreamName, logEvents }))
  }

  async #create(logStreamName: string): Promise<void> {
    try {
      await this.#client.send(new CreateLogStreamCommand({ logGroupName: this.#group, logStreamName }))
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error
    }
  }

  #remember(name: string): void {
    this.#written.add(name)
    const [oldest] = this.#written
    if (this.#written.size > REMEMBERED && oldest !== undefined) this.#written.delete(oldest)
  }
}

function eventOf({ env, app }: AppKey, { at, ...line }: SystemLine): { timestamp: number; message: string } {
  const entry: LogLine = { at: new Date(at).toISOString(), source: 'system', env, app, ...line }
  return { timestamp: at, message: JSON.stringify(entry) }
}
