/** A Lambda handler for events that nobody waits for. */
export type EventHandler = (event: unknown) => Promise<void>

/** Told of each event that means nothing. */
export type ReportEvent = (failure: { event: unknown; error: unknown }) => void

/**
 * Whatever fails in `handle` is thrown, so that the event comes again and, in the end, to the dead letters. One that
 * cannot be read is reported and let go: it would fail each time, and keep nothing from happening that it could start.
 * @param read throws if the event is none of its kind; undefined if there is nothing to be done about it
 */
export function eventHandler<Event>(
  read: (event: unknown) => Event | undefined,
  handle: (event: Event) => Promise<void>,
  report: ReportEvent = reportToConsole,
): EventHandler {
  return async (received) => {
    let event: Event | undefined
    try {
      event = read(received)
    } catch (error) {
      report({ event: received, error })
      return
    }
    if (event !== undefined) await handle(event)
  }
}

const reportToConsole: ReportEvent = ({ event, error }) =>
  console.error('An event was let go, as it could not be read:', JSON.stringify(event), error)
