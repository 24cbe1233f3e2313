import type { AuditEntry } from './model.ts'
import type { Needs } from './ports.ts'

/** Who is named where nobody asked. */
export const ITSELF = 'sluice'

/** The record of a change, to be stored in the very transaction that makes the change. */
export function auditEntry(ports: Needs<'clock' | 'ids'>, fields: Omit<AuditEntry, 'id' | 'at'>): AuditEntry {
  return { ...fields, id: ports.ids.next('au'), at: ports.clock.now() }
}
