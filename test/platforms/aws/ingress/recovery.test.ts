import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Endpoint, Target } from '../../../../control/ports.ts'
import { HOLD_MS } from '../../../../platforms/aws/ingress/hold.ts'
import { send } from '../../../fixtures/http-client.ts'
import { webContainer } from '../../../fixtures/web-container.ts'
import { skip } from '../account.ts'
import { crashAt } from '../crash.ts'
import { DOMAIN, endpoint, HERE, makeScene, POLL_MS, pointed, SHOP } from './scene.ts'

/** Deaths that are tried at the same time, each of an app of its own. */
const AT_ONCE = 10

describe('AlbIngress', { skip, timeout: 300_000 }, () => {
  const sceneOf = async (t: TestContext) => {
    const scene = await makeScene()
    t.after(() => scene.close())
    const serve = async (version: number): Promise<Target> => {
      const container = await webContainer(undefined, { version, host: HERE })
      t.after(() => container.close())
      return container.target
    }
    const answerAt = async ({ label }: Endpoint) => {
      const { status, headers } = await send(scene.address, `${label}.${DOMAIN}`)
      return status === 200 ? `v${headers['sluice-version']}` : status
    }
    /** What is recorded of an app, by item. */
    const recorded = async ({ env, app }: Endpoint) => {
      const { Items = [] } = await scene.begin().database.send(
        new QueryCommand({
          TableName: scene.table.name,
          KeyConditionExpression: '#owner = :owner',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':owner': `${env}/${app}` },
        }),
      )
      return Items.map(({ item }) => item)
    }
    return { ...scene, serve, answerAt, recorded }
  }

  for (const when of ['before', 'after'] as const) {
    it(`goes on where a process died just ${when} any of its calls, and leaves nothing in the end`, async (t) => {
      const { begin, serve, answerAt, recorded, gone, first } = await sceneOf(t)
      const dieAt = async (call: number): Promise<boolean> => {
        const app = `shop-${call}`
        const said = (version: number) => ({ ...endpoint(version, app), app })
        const [old, young] = [await serve(1), await serve(2)]
        const dying = begin()
        crashAt(call, when, [dying.elb, dying.database])
        const hasLived = await lives(async () => {
          await pointed(dying.ingress, said(1), [old])
          await pointed(dying.ingress, said(2), [young])
        })
        const next = begin({ now: () => Date.now() + HOLD_MS, patienceMs: 10 * HOLD_MS })
        await pointed(next.ingress, said(2), [young])
        // This process lives later than the load balancer does, so it cannot wait for it.
        while ((await answerAt(said(2))) !== 'v2') await sleep(POLL_MS)

        gone.add(old.container).add(young.container)
        crashAt(call, when, [next.elb, next.database])
        await lives(() => next.ingress.remove(said(2), 2, []))
        await begin({ now: () => Date.now() + 2 * HOLD_MS }).ingress.remove(said(2), 2, [])
        assert.deepEqual(await recorded(said(2)), ['ingress'], `died ${when} call ${call}`)
        return hasLived
      }
      let haveLived: boolean[] = []
      for (let call = 1; !haveLived.includes(true); call += AT_ONCE) {
        haveLived = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => dieAt(call + index)))
      }
      assert.deepEqual([await first.rules(), await first.groups()], [[], []])
    })
  }

  it('comes to what the last version says, however many speak at the same time', async (t) => {
    const { begin, serve, answerAt, first } = await sceneOf(t)
    const versions = [1, 2, 3, 4, 5, 6]
    const targets = await Promise.all(versions.map((version) => serve(version)))
    await Promise.all(targets.map((target) => pointed(begin().ingress, endpoint(target.version), [target])))
    assert.equal(await answerAt(endpoint()), 'v6')
    assert.deepEqual([(await first.rules()).length, (await first.groups()).length <= 2], [1, true])
  })

  it('leaves alone what a later version has pointed while an older one removes it', async (t) => {
    const { begin, serve, answerAt } = await sceneOf(t)
    const [old, young] = [await serve(1), await serve(2)]
    await pointed(begin().ingress, endpoint(1), [old])
    const { ingress, database } = begin()
    onceAfter(database, 'QueryCommand', () => pointed(begin().ingress, endpoint(2), [young]))
    await ingress.remove(SHOP, 1, [])
    assert.equal(await answerAt(endpoint(2)), 'v2')
  })
})

/** Does that when the client has its first answer to the command, and before anybody else has. */
function onceAfter(client: DynamoDBDocumentClient, command: string, doing: () => Promise<void>): void {
  let isDone = false
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args)
        if (commandName === command && !isDone) {
          isDone = true
          await doing()
        }
        return answer
      },
    { step: 'initialize' },
  )
}

/** False where it died. */
async function lives(doing: () => Promise<void>): Promise<boolean> {
  try {
    await doing()
    return true
  } catch (error) {
    assert.equal((error as Error).message, 'The process died')
    return false
  }
}
