import type { AuditEntry } from './model.ts'
import type { Channel, ChannelHealth, Delivery, Errand, Notice } from './notice-model.ts'

export interface NoticeStore {
  /** Of an environment, by name. */
  channels(env: string): Promise<Channel[]>
  channel(env: string, name: string): Promise<Channel | undefined>
  /** Writes it as a new one, or over the one that has its id; false where another has the name. */
  writeChannel(channel: Channel, entry?: AuditEntry): Promise<boolean>
  /** False where there is none. */
  deleteChannel(env: string, name: string, entry?: AuditEntry): Promise<boolean>
  /** Notes what became of a delivery; void where the name is another channel's by now. `lost` is added to. */
  noteHealth(channel: Channel, news: Partial<ChannelHealth>): Promise<void>
  /** False where the notice is there already: then nothing is changed. */
  putNotice(notice: Notice): Promise<boolean>
  notice(id: string): Promise<Notice | undefined>
  /** Has it due again then; undefined where it is not due, or is spread. */
  claimNotice(id: string, at: number, dueAgain: number): Promise<Notice | undefined>
  /** Stores its deliveries, due at once; void where that was done before. */
  spreadNotice(id: string, deliveries: Delivery[]): Promise<void>
  /** Counts one more attempt, and has it due again then; undefined where it is not due, or is done with. */
  claimDelivery(
    key: Pick<Delivery, 'notice' | 'channel'>,
    at: number,
    dueAgain: number,
  ): Promise<Delivery | undefined>
  /** Has it due again then, or, without, done with. */
  settleDelivery(key: Pick<Delivery, 'notice' | 'channel'>, dueAgain?: number): Promise<void>
  /** Those that were due before, the longest overdue first. */
  dueErrands(before: number, limit: number): Promise<Errand[]>
}
