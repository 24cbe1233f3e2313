import type { Ingress } from '../../../control/ports.ts'
import { LABEL_PLACE, type Settings } from '../settings.ts'

/** The addresses of endpoints, which need no request to be known. */
export function makeAddresses(settings: Settings): Pick<Ingress, 'url'> {
  const pattern = settings.ingressUrl
  return { url: (label) => pattern.replace(LABEL_PLACE, label) }
}
