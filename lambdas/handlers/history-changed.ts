import type { ReportEvent } from '../event-handler.ts'

interface HistoryPorts<Event> {
  /** What a record of the platform's stream tells of, if anything; throws where it is none. */
  readHistoryEvent(record: unknown): Event | undefined
  historyEvents: { send(events: Event[]): Promise<void> }
}

/**
 * Passes on what was recorded, in its order, to whoever listens. A batch that is not taken is thrown, and comes again. A
 * record that cannot be read is reported and let go: it would hold up all that come after it.
 */
export function makeHistoryChangedHandler<Event>(
  ports: HistoryPorts<Event>,
  report: ReportEvent,
): (event: unknown) => Promise<void> {
  const read = (record: unknown): Event[] => {
    try {
      const event = ports.readHistoryEvent(record)
      return event === undefined ? [] : [event]
    } catch (error) {
      report({ event: record, error })
      return []
    }
  }
  return async (event) => {
    const { Records } = event as { Records: unknown[] }
    await ports.historyEvents.send(Records.flatMap(read))
  }
}
