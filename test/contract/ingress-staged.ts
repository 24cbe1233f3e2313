import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint, Ingress } from '../../control/ports.ts'
import { send } from '../fixtures/http-client.ts'
import { webContainer } from '../fixtures/web-container.ts'
import { type Conditions, itExcept } from './conditions.ts'
import type { IngressRig } from './ingress.ts'

const POLL_MS = 25
const APPLIED_MS = 20_000
const SHOP = { env: 'main', app: 'shop' }
const LIVE = { ...SHOP, function: 'web', label: 'shop-web', version: 1 }
const STAGED = { ...SHOP, function: 'web', label: 'shop-web--v2', version: 2, staged: { alias: 'shop-web' } }

/** What every ingress does with staged versions. */
export function stagedIngressContract(
  name: string,
  makeIngress: () => Promise<IngressRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} with a staged version`, { skip: conditions.skip ?? false, timeout: 300_000 }, () => {
    const scene = async (t: TestContext) => {
      const { ingress, address, containerHost, close } = await makeIngress()
      t.after(() => close())
      const point = async (...said: Parameters<Ingress['point']>) => {
        while ((await ingress.point(...said)) === 'pending') await sleep(POLL_MS)
      }
      const serve = async (version: number) => {
        const container = await webContainer((_, response) => void response.end(), {
          version,
          host: containerHost,
        })
        t.after(() => container.close())
        return container.target
      }
      /** The version that answers. */
      const asked = async ({ label }: Pick<Endpoint, 'label'>, version?: number) => {
        const headers = version === undefined ? {} : { 'sluice-version': String(version) }
        const answer = await send(address, new URL(ingress.url(label)).host, { headers })
        return answer.status === 200 ? Number(answer.headers['sluice-version']) : answer.status
      }
      await point({ ...LIVE, turn: 2 }, [await serve(1)])
      return { ingress, point, serve, asked }
    }
    const until = async (isTrue: () => Promise<boolean>) => {
      for (let waited = 0; !(await isTrue()); waited += POLL_MS) {
        assert.ok(waited < APPLIED_MS, 'it never came to be')
        await sleep(POLL_MS)
      }
    }

    it('sends it what comes to its own address, or asks for it at that of the live one, and nothing else', async (t) => {
      const { point, serve, asked } = await scene(t)
      await point({ ...STAGED, turn: 2 }, [await serve(2)])
      assert.equal(await asked(STAGED), 2)
      assert.equal(await asked(LIVE, 2), 2)
      assert.equal(await asked(LIVE), 1)
      assert.equal(await asked(LIVE, 1), 1)
      assert.notEqual(await asked(LIVE, 3), 2)
    })

    it('sends it nothing any more once it has been removed, whatever is said late', async (t) => {
      const { ingress, point, serve, asked } = await scene(t)
      const target = await serve(2)
      await point({ ...STAGED, turn: 2 }, [target])
      await ingress.remove(SHOP, 3, [LIVE.label])
      await point({ ...STAGED, turn: 2 }, [target])
      await until(async () => (await asked(STAGED)) === 404 && (await asked(LIVE, 2)) !== 2)
      assert.equal(await asked(LIVE), 1)
    })

    it('no longer finds it at an address that the live version has given up, but at its own', async (t) => {
      const { point, serve, asked } = await scene(t)
      const target = await serve(2)
      await point({ ...STAGED, turn: 2 }, [target])
      await point({ ...STAGED, staged: {}, turn: 3 }, [target])
      await until(async () => (await asked(LIVE, 2)) !== 2)
      assert.equal(await asked(STAGED), 2)
    })
  })
}
