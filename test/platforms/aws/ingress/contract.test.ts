import { ingressContract } from '../../../contract/ingress.ts'
import { skip } from '../account.ts'
import { HERE, makeScene } from './scene.ts'

ingressContract(
  'AlbIngress',
  async () => {
    const { begin, address, close } = await makeScene()
    return {
      ingress: begin({ patienceMs: 3_000, settleMs: 3_000 }).ingress,
      address,
      containerHost: HERE,
      close,
    }
  },
  { skip },
)
