import * as z from 'zod'

/** What the audit tells of: every change that somebody, or Sluice itself, has made. */
export const AuditAction = z.enum([
  'version.begun',
  'version.live',
  'version.failed',
  'version.superseded',
  'app.stopping',
  'app.stopped',
  'app.collected',
  'version.collected',
  'container.stopped',
  'autoscaler.changed',
  'schedule.paused',
  'schedule.resumed',
  'schedule.triggered',
  'secret.written',
  'secret.deleted',
  'environment.created',
  'environment.deleted',
  'token.created',
  'token.revoked',
  'session.begun',
  'session.ended',
  'channel.written',
  'channel.deleted',
])
export type AuditAction = z.infer<typeof AuditAction>

/** What people are told of without asking. */
export const NoticeKind = z.enum([
  'scheduled_call_failed',
  'firing_missed',
  'rollout_failed',
  'rolled_back',
  'cannot_start',
])
export type NoticeKind = z.infer<typeof NoticeKind>

export const AuditEntryView = z
  .object({
    id: z.string(),
    env: z.string(),
    app: z.string().optional(),
    at: z.iso.datetime(),
    action: AuditAction,
    by: z.string(),
    client: z.string().optional(),
    reason: z.string().optional(),
    version: z.int().optional(),
    function: z.string().optional(),
    subject: z.string().optional(),
    before: z.string().optional(),
    after: z.string().optional(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntryView = z.infer<typeof AuditEntryView>
