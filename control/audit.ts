import { findApp } from './find.ts'
import { type App, type AuditEntry, type Container, keyOf, type Version } from './model.ts'
import type { Page, Paged } from './paging.ts'
import type { Needs } from './ports.ts'

/** As many as a person may give. */
const REASON_CHARACTERS = 500

/** Who is named where nobody asked. */
export const ITSELF = 'sluice'

/** The record of a change, to be stored in the very transaction that makes the change. */
export function auditEntry(ports: Needs<'clock' | 'ids'>, fields: Omit<AuditEntry, 'id' | 'at'>): AuditEntry {
  return { ...fields, id: ports.ids.next('au'), at: ports.clock.now() }
}

/**
 * Newest first; also of an app that has been collected since.
 * @throws SluiceError `app_not_found` where there is not, and was not, such an app
 */
export async function findEntries(
  ports: Needs<'store'>,
  { env, app }: { env: string; app?: string | undefined },
  page: Page,
): Promise<Paged<AuditEntry>> {
  const found = await ports.store.auditEntries(env, app, page)
  if (app !== undefined && found.items.length === 0 && page.cursor === undefined)
    await findApp(ports, { env, app })
  return found
}

type EntryPorts = Needs<'clock' | 'ids'>

/** What becomes of a version is done in the name of whoever deployed it. */
export function liveEntry(ports: EntryPorts, version: Version, before: number | undefined): AuditEntry {
  return auditEntry(ports, {
    ...ofVersion(version),
    action: 'version.live',
    by: version.deployedBy,
    client: version.client,
    ...(before !== undefined && { before: `v${before}` }),
    after: `v${version.version}`,
  })
}

/** @param why what was wrong with it, or which one has overtaken it */
export function givenUpEntry(
  ports: EntryPorts,
  version: Version,
  action: 'version.failed' | 'version.superseded',
  why: string,
): AuditEntry {
  return auditEntry(ports, { ...ofVersion(version), action, by: ITSELF, reason: short(why) })
}

export function stoppedEntry(ports: EntryPorts, app: App): AuditEntry {
  return auditEntry(ports, { ...keyOf(app), action: 'app.stopped', by: app.stoppedBy ?? ITSELF })
}

export function containerEntry(
  ports: EntryPorts,
  container: Container,
  { by, after }: { by: string; after: string },
): AuditEntry {
  return auditEntry(ports, {
    ...ofVersion(container),
    function: container.function,
    action: 'container.stopped',
    by,
    subject: container.id,
    before: container.state,
    after,
  })
}

const ofVersion = ({ env, app, version }: Pick<Version, 'env' | 'app' | 'version'>) => ({ env, app, version })

/** The first line of what may be a stack. */
function short(why: string): string {
  return (why.split('\n')[0] ?? '').slice(0, REASON_CHARACTERS)
}
