import { type IngressRig, ingressContract } from '../../../contract/ingress.ts'
import { stagedIngressContract } from '../../../contract/ingress-staged.ts'
import { skip } from '../account.ts'
import { HERE, makeScene } from './scene.ts'

const makeIngress = async (): Promise<IngressRig> => {
  const { begin, address, close } = await makeScene()
  return {
    ingress: begin({ patienceMs: 3_000, settleMs: 3_000 }).ingress,
    address,
    containerHost: HERE,
    close,
  }
}

ingressContract('AlbIngress', makeIngress, { skip })
stagedIngressContract('AlbIngress', makeIngress, { skip })
