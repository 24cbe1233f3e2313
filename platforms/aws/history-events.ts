import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Settings } from './settings.ts'

/** What one PutEvents takes. */
const BATCH = 10

const Text = z.object({ S: z.string() })
const Change = z.object({
  dynamodb: z.object({ NewImage: z.object({ entry: Text.optional(), content: Text.optional() }) }),
})

export interface HistoryEvent {
  kind: 'Audit Entry' | 'Notice'
  /** JSON, as it is kept. */
  detail: string
}

/** What a record of the table's stream tells of, if it is of such. @throws ZodError where it is no such record */
export function readHistoryEvent(record: unknown): HistoryEvent | undefined {
  const { entry, content } = Change.parse(record).dynamodb.NewImage
  if (entry) return { kind: 'Audit Entry', detail: entry.S }
  return content && { kind: 'Notice', detail: content.S }
}

export interface HistoryEvents {
  /** @throws Error where the bus does not take them all: they are to be sent again. */
  send(events: HistoryEvent[]): Promise<void>
}

export function makeHistoryEvents({ eventBus }: Settings, client?: EventBridgeClient): HistoryEvents {
  const bridge = client ?? new EventBridgeClient(CLIENT_SETTINGS)
  return {
    send: async (events) => {
      for (let sent = 0; sent < events.length; sent += BATCH) {
        const Entries = events.slice(sent, sent + BATCH).map(({ kind, detail }) => ({
          EventBusName: eventBus,
          Source: 'sluice',
          DetailType: kind,
          Detail: detail,
        }))
        const { FailedEntryCount = 0, Entries: answers = [] } = await bridge.send(
          new PutEventsCommand({ Entries }),
        )
        const refusal = answers.find(({ ErrorCode }) => ErrorCode)
        if (FailedEntryCount > 0)
          throw new Error(`The bus refused ${FailedEntryCount} events: ${refusal?.ErrorMessage}`)
      }
    },
  }
}
