import { findEntries } from '../../control/audit.ts'
import * as channels from '../../control/channels.ts'
import type { Needs } from '../../control/ports.ts'
import { AUDIT_ROUTES } from '../../protocol/audit-routes.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { auditEntryView, channelView, pageView } from '../views.ts'

export type AuditPorts = Needs<'clock' | 'ids' | 'keys' | 'notifier' | 'store'>

/** What was changed, and who is told of what goes wrong. */
export function makeAuditHandler(ports: AuditPorts, report?: ReportError): ApiHandler {
  return groupHandler<'audit', AuditPorts>(
    AUDIT_ROUTES,
    ports,
    { listAudit, listChannels, writeChannel, deleteChannel, testChannel },
    report,
  )
}

const listAudit: RouteHandler<'listAudit', AuditPorts> = async (ports, { query }) => {
  const page = await findEntries(ports, query, query)
  return { body: pageView(page, page.items.map(auditEntryView)) }
}

const listChannels: RouteHandler<'listChannels', AuditPorts> = async (ports, { query }) => {
  const found = await ports.store.channels(query.env)
  return { body: { items: found.map(channelView) } }
}

const writeChannel: RouteHandler<'writeChannel', AuditPorts> = async (
  ports,
  { params, query, body: { webhook, topic, ...wish }, principal },
) => {
  // The schema has seen to it that there is one of them.
  const target = webhook === undefined ? { topic: topic ?? '' } : { webhook }
  const { channel, secret } = await channels.writeChannel(ports, {
    ...wish,
    ...{ env: query.env, name: params.name, target },
    by: principal.name,
  })
  return { body: { ...channelView(channel), ...(secret !== undefined && { secret }) } }
}

const deleteChannel: RouteHandler<'deleteChannel', AuditPorts> = async (
  ports,
  { params, query, principal },
) => {
  await channels.deleteChannel(ports, { env: query.env, name: params.name, by: principal.name })
  return { body: {} }
}

const testChannel: RouteHandler<'testChannel', AuditPorts> = async (ports, { params, query }) => {
  const outcome = await channels.testChannel(ports, query.env, params.name)
  if (outcome.kind === 'delivered') return { body: { delivered: true } }
  return { body: { delivered: false, reason: outcome.reason } }
}
