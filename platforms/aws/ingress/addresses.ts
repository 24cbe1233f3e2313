import type { Ingress } from '../../../control/ports.ts'
import { LABEL_PLACE, type Settings } from '../settings.ts'

/** The addresses of endpoints, which need no request to be known. */
export function makeAddresses({ ingressUrl }: Settings): Pick<Ingress, 'url'> {
  return { url: (label) => ingressUrl.replace(LABEL_PLACE, label) }
}
