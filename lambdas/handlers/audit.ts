import { findEntries } from '../../control/audit.ts'
import type { Needs } from '../../control/ports.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { auditEntryView, pageView } from '../views.ts'

export type AuditPorts = Needs<'clock' | 'keys' | 'store'>

/** What was changed. */
export function makeAuditHandler(ports: AuditPorts, report?: ReportError): ApiHandler {
  return groupHandler<'audit', AuditPorts>(ports, { listAudit }, report)
}

const listAudit: RouteHandler<'listAudit', AuditPorts> = async (ports, { query }) => {
  const page = await findEntries(ports, query, query)
  return { body: pageView(page, page.items.map(auditEntryView)) }
}
