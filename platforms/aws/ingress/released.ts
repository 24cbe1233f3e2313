import type { Ingress } from '../../../control/ports.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { Targets } from './targets.ts'

/** What the runtime API asks of the ingress, without a client of the load balancer. */
export function makeReleased(settings: Settings): Pick<Ingress, 'isReleased'> {
  return new Targets(resourcesTable(settings))
}
