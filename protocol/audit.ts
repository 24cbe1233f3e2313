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
