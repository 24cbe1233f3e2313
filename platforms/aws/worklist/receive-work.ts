import type { Clock } from '../../../control/ports.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { type DueApps, soon } from './due-apps.ts'
import { readMessage, type WorkMessage, type WorkMessages } from './messages.ts'

/** A failed run is tried again after so long, then after twice as long, and so on. */
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000
/** What comes while a run is on, and is due after it, asks again so often. */
const BUSY_MS = 1_000

export interface Work {
  /** Reconciles the app; answers when to look again, milliseconds since the epoch. */
  run: (key: AppKey) => Promise<number | undefined>
  /** Told of each run that failed, and of each message that says nothing. */
  report: (failure: { error: unknown } & Record<string, unknown>) => void
}

/** Tells Lambda which messages are to come again; the others are deleted. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[]
}

interface Parts {
  apps: DueApps
  messages: WorkMessages
  clock: Clock
}

/**
 * Does the work that a batch of messages asks for, each app's once. A message is let go once its app has been seen to, or
 * is somebody else's to see to; otherwise it comes again, and in the end goes to the dead letters. Its app is on the list
 * even then, and comes up again with the sweep.
 */
export async function receiveWork(parts: Parts, records: unknown[], work: Work): Promise<BatchResponse> {
  const apps = Map.groupBy(readable(records, work), ({ key }) => `${key.env}/${key.app}`)
  const again = await Promise.all([...apps.values()].map((messages) => attend(parts, messages, work)))
  return { batchItemFailures: again.flat().map(({ id }) => ({ itemIdentifier: id })) }
}

/** What cannot be read is let go: it would be no clearer the next time, and its app, if it means one, is on the list. */
function readable(records: unknown[], { report }: Work): WorkMessage[] {
  return records.flatMap((record) => {
    try {
      return [readMessage(record)]
    } catch (error) {
      report({ error, record })
      return []
    }
  })
}

/** Sees to the one app that these messages are about; answers those that are to come again. */
async function attend(parts: Parts, received: WorkMessage[], work: Work): Promise<WorkMessage[]> {
  try {
    const againMs = await see(parts, received, work)
    if (againMs === undefined) return []
    await Promise.all(received.map((message) => parts.messages.hide(message, againMs)))
  } catch (error) {
    work.report({ error, ...received[0]?.key })
  }
  return received
}

/** After how many milliseconds the messages are to come again; undefined if they need not. */
async function see(parts: Parts, received: WorkMessage[], work: Work): Promise<number | undefined> {
  const { apps, messages, clock } = parts
  const [{ key }] = received as [WorkMessage]
  const taken = await apps.take(key, clock.now())
  switch (taken.kind) {
    case 'nothing':
      return undefined
    case 'taken':
      return perform(parts, { key, until: taken.until, received }, work)
    case 'busy':
      // Without another wish it is a doubled message, or the run has died: to be seen once its time is over.
      if (!taken.asked) return taken.until - clock.now() + BUSY_MS
      await messages.send({ key, dueAt: taken.dueAt }, BUSY_MS)
      return undefined
    case 'later':
      // Another message comes at that time, unless this one did already because SQS cannot wait for so long.
      if (received.some(({ dueAt }) => dueAt === taken.dueAt)) {
        await messages.send({ key, dueAt: taken.dueAt }, taken.dueAt - clock.now())
      }
      return undefined
  }
}

async function perform(
  { apps, messages, clock }: Parts,
  { key, until, received }: { key: AppKey; until: number; received: WorkMessage[] },
  { run, report }: Work,
): Promise<number | undefined> {
  let next: number | undefined
  try {
    next = await run(key)
  } catch (error) {
    report({ error, ...key })
    await apps.finish(key, until, clock.now())
    const receives = Math.max(...received.map((message) => message.receives))
    return Math.min(FIRST_RETRY_MS * 2 ** (receives - 1), LAST_RETRY_MS)
  }
  const dueAt = next === undefined ? undefined : soon(next, clock.now())
  const isNews = await apps.finish(key, until, dueAt)
  if (isNews && dueAt !== undefined) await messages.send({ key, dueAt }, dueAt - clock.now())
}
