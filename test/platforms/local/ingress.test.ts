import { LocalIngress } from '../../../platforms/local/ingress/ingress.ts'
import { type IngressRig, ingressContract } from '../../contract/ingress.ts'
import { stagedIngressContract } from '../../contract/ingress-staged.ts'

const makeIngress = async (): Promise<IngressRig> => {
  const ingress = new LocalIngress({ onWaiting() {}, onReleased() {}, coldStartTimeoutMs: 5_000 })
  const port = await ingress.listen(0)
  return {
    ingress,
    address: { host: '127.0.0.1', port },
    containerHost: '127.0.0.1',
    close: () => ingress.close(),
  }
}

ingressContract('LocalIngress', makeIngress)
stagedIngressContract('LocalIngress', makeIngress)
