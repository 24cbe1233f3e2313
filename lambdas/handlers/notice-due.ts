import { type DeliverPorts, deliver } from '../../control/deliver.ts'
import type { Errand } from '../../control/notice-model.ts'
import type { ReportEvent } from '../event-handler.ts'

type ErrandPorts = DeliverPorts & {
  /** What a message of the platform's queue asks for; throws where it is none. */
  readErrand(record: unknown): { id: string; errand: Errand }
}

/** Which messages are to come again; the others are deleted. */
interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[]
}

/**
 * Sees to the notices that a batch of messages names, all at once: one that is slow holds up none of the others. A channel
 * that does not take its notice is no failure here, it is tried again at its time.
 */
export function makeNoticeDueHandler(
  ports: ErrandPorts,
  report: ReportEvent,
): (event: unknown) => Promise<BatchResponse> {
  const attend = async (record: unknown): Promise<string[]> => {
    const read = readable(ports, record, report)
    if (!read) return []
    try {
      await deliver(ports, read.errand)
      return []
    } catch (error) {
      report({ event: read.errand, error })
      return [read.id]
    }
  }
  return async (event) => {
    const { Records } = event as { Records: unknown[] }
    const again = await Promise.all(Records.map(attend))
    return { batchItemFailures: again.flat().map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

/** What cannot be read is let go: it would be no clearer the next time, and the notice is in the table. */
function readable({ readErrand }: ErrandPorts, record: unknown, report: ReportEvent) {
  try {
    return readErrand(record)
  } catch (error) {
    report({ event: record, error })
    return undefined
  }
}
