import type { TestContext } from 'node:test'
import type { FunctionSpecInput } from '../../protocol/manifest.ts'
import type { Address } from '../fixtures/http-client.ts'
import { type Container, startContainer } from './container.ts'
import type { ControlPlane } from './control-plane.ts'

/** A web function in its container, ready to serve; `gate` is a path on which the function waits for the test. */
export async function startWeb(
  t: TestContext,
  spec: Partial<FunctionSpecInput> = {},
): Promise<{ plane: ControlPlane; container: Container; address: Address; until: (gate: string) => string }> {
  const { plane, container } = await startContainer(t, {
    bundle: 'web.mjs',
    function: 'web',
    spec: { kind: 'web', ...spec },
  })
  await plane.changes.until(() => plane.address !== undefined)
  const { hostname: host, port } = new URL(`http://${plane.address}`)
  const until = (gate: string) => `until=${encodeURIComponent(`${plane.url}/gate/${gate}`)}`
  return { plane, container, address: { host, port: Number(port) }, until }
}
