import * as z from 'zod'
import { NoticeKind } from './audit.ts'
import { AppName } from './names.ts'

export const ChannelName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and "-", and not begin with "-"')

const TopicArn = z
  .string()
  .max(300)
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'must be the ARN of a topic, such as arn:aws:sns:…')

/** A whole channel: what is left out is no longer so. */
export const WriteChannelRequest = z
  .strictObject({
    webhook: z.string().max(2_000).optional(),
    topic: TopicArn.optional(),
    app: AppName.optional(),
    kinds: z.array(NoticeKind).min(1).max(NoticeKind.options.length).optional(),
    muted: z.array(AppName).max(100).default([]),
  })
  .refine(({ webhook, topic }) => (webhook === undefined) !== (topic === undefined), {
    path: ['webhook'],
    message: 'give either webhook, a URL, or topic, an ARN',
  })
export type WriteChannelRequest = z.infer<typeof WriteChannelRequest>

export const ChannelView = z
  .object({
    name: z.string(),
    env: z.string(),
    /** Its host; the rest may be a secret. */
    webhook: z.string().optional(),
    topic: z.string().optional(),
    app: z.string().optional(),
    kinds: z.array(NoticeKind).optional(),
    muted: z.array(z.string()),
    state: z.enum(['new', 'working', 'failing']),
    deliveredAt: z.iso.datetime().optional(),
    failedAt: z.iso.datetime().optional(),
    /** Why the last delivery that failed did. */
    failure: z.string().optional(),
    /** Notices that were given up on after a day. */
    lost: z.int(),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    /** What its requests are signed with: told once, to whoever makes it. */
    secret: z.string().optional(),
  })
  .meta({ id: 'Channel' })
export type ChannelView = z.infer<typeof ChannelView>

export const ChannelTest = z.object({ delivered: z.boolean(), reason: z.string().optional() })
export type ChannelTest = z.infer<typeof ChannelTest>
