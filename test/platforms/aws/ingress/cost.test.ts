import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { webContainer } from '../../../fixtures/web-container.ts'
import { commandsOf, skip } from '../account.ts'
import { endpoint, HERE, makeScene, pointed } from './scene.ts'

describe('What AlbIngress asks of AWS', { skip, timeout: 60_000 }, () => {
  const sceneOf = async (t: TestContext) => {
    const scene = await makeScene()
    t.after(() => scene.close())
    const serve = async (version: number) => {
      const container = await webContainer(undefined, { version, host: HERE })
      t.after(() => container.close())
      return container.target
    }
    const begin = (options?: Parameters<typeof scene.begin>[0]) => {
      const { ingress, elb, database } = scene.begin(options)
      return { ingress, calls: commandsOf(elb), reads: commandsOf(database) }
    }
    return { ...scene, begin, serve }
  }
  const changes = (calls: string[]) => calls.filter((call) => !call.startsWith('Describe'))

  it('is one read of the table where nothing has changed', async (t) => {
    const { begin, serve } = await sceneOf(t)
    const targets = [await serve(1), await serve(1)]
    await pointed(begin().ingress, endpoint(), targets)
    const { ingress, calls, reads } = begin()
    assert.equal(await ingress.point(endpoint(), targets.toReversed()), 'pointed')
    assert.deepEqual([calls, reads], [[], ['GetItemCommand']])
  })

  it('is nothing of the load balancer for a redeploy of a function without containers', async (t) => {
    const { begin, serve } = await sceneOf(t)
    await pointed(begin().ingress, endpoint(1), [await serve(1)])
    await pointed(begin().ingress, endpoint(1), [])
    const { ingress, calls } = begin()
    await pointed(ingress, endpoint(2), [])
    assert.deepEqual(calls, [])
  })

  it('is the new targets and one change of a rule for a redeploy, and the old targets once they are gone', async (t) => {
    const { begin, serve, gone } = await sceneOf(t)
    const [first, second, third] = [await serve(1), await serve(2), await serve(3)]
    await pointed(begin().ingress, endpoint(1), [first])
    await pointed(begin().ingress, endpoint(2), [second])
    gone.add(first.container)
    await pointed(begin().ingress, endpoint(2), [second])

    const { ingress, calls } = begin()
    await pointed(ingress, endpoint(3), [third])
    assert.deepEqual(changes(calls), ['RegisterTargetsCommand', 'ModifyRuleCommand'])
    calls.splice(0)
    gone.add(second.container)
    await pointed(ingress, endpoint(3), [third])
    assert.deepEqual(calls, ['DeregisterTargetsCommand'])
  })

  it('is one call for all containers that come, and one for all that go', async (t) => {
    const { begin, serve } = await sceneOf(t)
    const targets = await Promise.all(Array.from({ length: 30 }, () => serve(1)))
    await pointed(begin().ingress, endpoint(), targets.slice(0, 1))
    const { ingress, calls } = begin()
    await pointed(ingress, endpoint(), targets)
    await pointed(ingress, endpoint(), targets.slice(0, 1))
    assert.deepEqual(calls, ['RegisterTargetsCommand', 'DeregisterTargetsCommand'])
  })

  it('is asked again where it was too much at once', async (t) => {
    const { begin, serve, first } = await sceneOf(t)
    const elb = new ElasticLoadBalancingV2Client(CLIENT_SETTINGS)
    throttle(elb, ['CreateRuleCommand', 'RegisterTargetsCommand', 'ModifyRuleCommand'])
    await pointed(begin({ elb }).ingress, endpoint(), [await serve(1)])
    const [rule] = await first.rules()
    assert.equal(rule?.Actions?.[0]?.ForwardConfig?.TargetGroups?.length, 1)
  })
})

/** The first requests of these commands are answered as ELB answers when there are too many. */
function throttle(client: ElasticLoadBalancingV2Client, commands: string[]): void {
  const left = new Set(commands)
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (!left.delete(commandName)) return next(args)
        throw Object.assign(new Error('Rate exceeded'), {
          name: 'Throttling',
          $metadata: { httpStatusCode: 400 },
        })
      },
    // Below what repeats requests.
    { step: 'deserialize' },
  )
}
