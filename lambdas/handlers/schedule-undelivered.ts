import * as z from 'zod'
import { type FiringPorts, scheduleFired } from '../../control/schedules.ts'
import { readFiring } from './schedule-fired.ts'
import type { BatchResponse, ReportFailure } from './work-due.ts'

const Attribute = z.object({ stringValue: z.string() })

/** A message as EventBridge Scheduler leaves it ("Configuring a dead-letter queue", its User Guide), and Lambda hands it over. */
const Message = z.object({
  messageId: z.string(),
  body: z.string(),
  messageAttributes: z
    .object({ ERROR_CODE: Attribute.optional(), ERROR_MESSAGE: Attribute.optional() })
    .default({}),
})
const Batch = z.object({ Records: z.array(Message) })
type Message = z.infer<typeof Message>

/**
 * What the scheduler could not deliver is seen to all the same, late: it becomes a call while no later slot has come, and
 * a record otherwise. A message is let go once that is done, and one that cannot be read at once: it would be no clearer
 * the next time. The others come again.
 */
export function makeScheduleUndeliveredHandler(
  ports: FiringPorts,
  report: ReportFailure,
): (event: unknown) => Promise<BatchResponse> {
  return async (event) => {
    const batchItemFailures: BatchResponse['batchItemFailures'] = []
    for (const message of Batch.parse(event).Records) {
      if (!(await see(ports, message, report))) batchItemFailures.push({ itemIdentifier: message.messageId })
    }
    return { batchItemFailures }
  }
}

async function see(ports: FiringPorts, message: Message, report: ReportFailure): Promise<boolean> {
  let word: ReturnType<typeof readFiring>
  try {
    word = readFiring(JSON.parse(message.body))
  } catch (error) {
    report({ error, message })
    return true
  }
  try {
    await scheduleFired(ports, { ...word, reason: reasonOf(message) })
    return true
  } catch (error) {
    report({ error, ...word.key, function: word.function, slot: word.slot })
    return false
  }
}

function reasonOf({ messageAttributes: { ERROR_CODE, ERROR_MESSAGE } }: Message): string {
  const said = [ERROR_CODE, ERROR_MESSAGE].flatMap((attribute) => attribute?.stringValue ?? [])
  return ['EventBridge Scheduler could not deliver it', ...said].join(': ')
}
