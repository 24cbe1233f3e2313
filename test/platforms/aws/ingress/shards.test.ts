import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CreateRuleCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { ENDPOINTS_PER_SHARD } from '../../../../platforms/aws/ingress/records.ts'
import { firstPriority } from '../../../../platforms/aws/ingress/rules.ts'
import { SluiceError } from '../../../../protocol/errors.ts'
import { skip } from '../account.ts'
import { DOMAIN, endpoint, makeScene, pointed, type Scene, SHOP } from './scene.ts'

/** "Quotas for your Application Load Balancers". */
const RULES_PER_BALANCER = 100

describe('AlbIngress and its load balancers', { skip, timeout: 60_000 }, () => {
  const sceneOf = async (t: TestContext, shards: number) => {
    const scene = await makeScene({ shards })
    t.after(() => scene.close())
    const rulesOf = () => Promise.all(scene.balancers.map(async (it) => (await it.rules()).length))
    return { ...scene, rulesOf }
  }

  it('has a place for as many endpoints as can each have two target groups, and says what to do when all are taken', async (t) => {
    const scene = await sceneOf(t, 1)
    const { ingress } = scene.begin()
    await fill(scene, 0, ENDPOINTS_PER_SHARD - 1)
    await pointed(ingress, endpoint(1, 'last'), [])
    await assert.rejects(ingress.point(endpoint(1, 'one-more'), []), (error) => {
      assert.ok(error instanceof SluiceError && error.code === 'quota_exceeded')
      assert.match(error.message, /"one-more".*-c ingressShards=2/)
      return true
    })
    await ingress.remove(SHOP, 1, [])
    await pointed(ingress, endpoint(2, 'one-more'), [])
    assert.deepEqual(await scene.rulesOf(), [1])
  })

  it('goes to the next one where AWS says that one is full, also if nothing here says so', async (t) => {
    const scene = await sceneOf(t, 2)
    const { ingress, elb } = scene.begin()
    for (let priority = 1; priority <= RULES_PER_BALANCER; priority++) {
      await makeStranger(elb, scene.first.shard.listenerArn, priority)
    }
    await pointed(ingress, endpoint(), [])
    assert.deepEqual(await scene.rulesOf(), [RULES_PER_BALANCER, 1])
    await ingress.remove(SHOP, 1, [])
    assert.deepEqual(await scene.rulesOf(), [RULES_PER_BALANCER, 0])
  })

  it('names endpoints that the wildcard does not lead to, as long as there are any', async (t) => {
    const scene = await sceneOf(t, 2)
    const { zone, names } = await hostedZone(t)
    const { ingress } = scene.begin({ zone })
    await pointed(ingress, endpoint(1, 'here'), [])
    await fill(scene, 0, ENDPOINTS_PER_SHARD)
    await pointed(ingress, endpoint(1, 'elsewhere'), [])
    assert.deepEqual(await names(), [
      [`elsewhere.${DOMAIN}.`, `${scene.balancers[1]?.shard.loadBalancerDns}.`],
    ])
    await ingress.remove(SHOP, 1, ['here'])
    assert.deepEqual(await names(), [])
  })

  it('finds a rule another place in the order where its own is taken', async (t) => {
    const { begin, first, rulesOf } = await sceneOf(t, 1)
    const { ingress, elb } = begin()
    await makeStranger(elb, first.shard.listenerArn, firstPriority('shop-web'))
    await pointed(ingress, endpoint(), [])
    assert.deepEqual(await rulesOf(), [2])
    await ingress.remove(SHOP, 1, [])
    assert.deepEqual(await rulesOf(), [1])
  })
})

/** As if so many endpoints had a place there. */
async function fill({ begin, table, balancers }: Scene, shard: number, endpoints: number): Promise<void> {
  await begin().database.send(
    new UpdateCommand({
      TableName: table.name,
      Key: { owner: `shard/${balancers[shard]?.shard.listenerArn}`, item: 'load' },
      UpdateExpression: 'SET endpoints = :endpoints',
      ExpressionAttributeValues: { ':endpoints': endpoints },
    }),
  )
}

/** A rule that is none of ours. */
async function makeStranger(
  client: ElasticLoadBalancingV2Client,
  ListenerArn: string,
  Priority: number,
): Promise<void> {
  const Conditions = [{ Field: 'path-pattern', Values: ['/stranger'] }]
  const Actions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '204' } } as const]
  await client.send(new CreateRuleCommand({ ListenerArn, Priority, Conditions, Actions }))
}

async function hostedZone(t: TestContext) {
  const client = new Route53Client(CLIENT_SETTINGS)
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({ Name: DOMAIN, CallerReference: String(process.hrtime.bigint()) }),
  )
  const zone = HostedZone?.Id?.split('/').at(-1) ?? ''
  t.after(() => client.send(new DeleteHostedZoneCommand({ Id: zone })))
  const names = async () => {
    const { ResourceRecordSets = [] } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    )
    return ResourceRecordSets.flatMap(({ Name, AliasTarget }) =>
      AliasTarget ? [[Name, AliasTarget.DNSName]] : [],
    )
  }
  return { zone, names }
}
