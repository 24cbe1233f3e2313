import type { Notice } from './notice-model.ts'
import { NOTICE_CHARACTERS } from './policy.ts'
import type { Needs } from './ports.ts'

export type NoticePorts = Needs<'clock' | 'outbox' | 'store'>

/** Tells whoever wants to hear of it. The same notice again changes nothing, so it may be raised for as long as it is true. */
export async function raise(ports: NoticePorts, notice: Notice): Promise<void> {
  if (await ports.store.notice(notice.id)) return
  if (await ports.store.putNotice(shortened(notice))) await dispatch(ports, notice)
}

/**
 * Has a notice see to that was stored, by the operation that made it true. Whoever dies before is made up for by the
 * sweep.
 */
export async function dispatch(
  ports: Needs<'clock' | 'outbox'>,
  notice: Pick<Notice, 'id'> | undefined,
): Promise<void> {
  if (notice) await ports.outbox.add({ notice: notice.id }, ports.clock.now())
}

/** As much of it as is kept. */
export function shortened(notice: Notice): Notice {
  const short = (text: string): string => text.slice(0, NOTICE_CHARACTERS)
  return { ...notice, message: short(notice.message), logs: notice.logs.map(short) }
}
