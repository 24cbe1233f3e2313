import type { RolloutStep } from '../../protocol/api.ts'
import { type Reached, until } from './reached.ts'

/** A version is live before its hand-over has ended: its last step is noted once nothing of the older ones is left. */
export async function untilHandedOver(reached: Reached, app: string, version: number): Promise<void> {
  await until(`the hand-over to v${version} of ${app} to have ended`, async () => {
    const { body } = await reached.api('GET', `/v1/apps/${app}/versions/${version}`)
    return body.rollout.some(({ step, state }: RolloutStep) => step === 'drain' && state === 'done')
  })
}
