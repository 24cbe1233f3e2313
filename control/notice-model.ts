import type { Commit } from '../protocol/api.ts'
import type { NoticeKind } from '../protocol/audit.ts'
import type { AppKey } from '../protocol/names.ts'

/** What people are told of, and where. Times are milliseconds since the epoch. */

/** Something that people want to be told of, once, however often it is found out. */
export interface Notice extends AppKey {
  /** The same for the same event, such as `rollout_failed/main/shop/7`. */
  id: string
  kind: NoticeKind
  at: number
  version?: number
  function?: string
  call?: string
  /** When the call was accepted: it has written nothing before. */
  calledAt?: number
  commit?: Commit
  deployedBy?: string
  /** What went wrong, in a sentence. */
  message: string
  /** The last lines of the container that it happened in. */
  logs: string[]
}

/** Where notices of an environment go: those of all its apps, or of one. */
export interface Channel {
  /** Another one than that of a channel which had the same name before. */
  id: string
  env: string
  name: string
  target: ChannelTarget
  /** The only app that it is told of. */
  app?: string
  /** The only kinds that it is told of. */
  kinds?: NoticeKind[]
  /** Apps that it is not told of. */
  muted: string[]
  createdAt: number
  createdBy: string
  health: ChannelHealth
}

/** A webhook's URL may be a secret, so nobody is shown more of it than its host. */
export type ChannelTarget = { webhook: string } | { topic: string }

export interface ChannelHealth {
  deliveredAt?: number
  failedAt?: number
  /** Why it failed the last time. */
  failure?: string
  /** How many notices were given up on. */
  lost: number
}

/** A notice on its way to one channel. */
export interface Delivery {
  notice: string
  /** By name. */
  channel: string
  env: string
  channelId: string
  createdAt: number
  /** Times that it was tried, this one included. */
  attempts: number
}

/** What there is to do about a notice: without a channel, to find out whom to tell. */
export interface Errand {
  notice: string
  channel?: string | undefined
}
