import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { makeIngress } from '../../../../platforms/aws/ingress/ingress.ts'
import { fromVariables, type Setting, toVariables } from '../../../../platforms/aws/settings.ts'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { TABLES } from '../../../../platforms/aws/tables.ts'
import { container, draft, KEY } from '../../../contract/store-records.ts'
import { type Answer, type Sent, send } from '../../../fixtures/http-client.ts'
import { textOf, webContainer } from '../../../fixtures/web-container.ts'
import { makeTable, randomPrefix, skip } from '../account.ts'
import { makeLoadBalancer, VPC } from '../ingress/load-balancers.ts'
import { DOMAIN, endpoint, HERE, POLL_MS, pointed } from '../ingress/scene.ts'
import { makeFunction } from './functions.ts'

const HOST = `shop-web.${DOMAIN}`
const LARGE = 'x'.repeat(2_000_000)
const BINARY = Buffer.from([0, 1, 254, 255])

describe('A request to a web function that has no container', { skip, timeout: 120_000 }, () => {
  it('wakes it through the load balancer, and gets its answer; a fault is said, and what does not fit is asked for again', async (t) => {
    const { store, ingress, ask, messages } = await scene(t)
    const { version } = await begun(store)
    await pointed(ingress, endpoint(version), [])

    const first = ask({
      method: 'POST',
      path: '/a%20b?q=1',
      headers: { 'content-type': 'image/png' },
      body: BINARY,
    })
    while ((await waitingIn(store)) !== 1) await sleep(POLL_MS)
    assert.match(await messages(), /"shop"/)
    const woken = await webContainer(
      async (request, response) => {
        response.writeHead(201, {
          'set-cookie': ['a=1', 'b=2'],
          'x-asked': `${request.url} ${request.headers.host}`,
        })
        response.end(request.method === 'POST' ? Buffer.from(await textOf(request), 'latin1') : LARGE)
      },
      { version, host: HERE },
    )
    t.after(() => woken.close())
    const { target } = woken
    await store.reserveContainer(
      { ...container(target.container, version), function: 'web' },
      { expect: 0, max: 1 },
    )
    await store.containerReady(target.container, target.address, Date.now())

    const { status, headers, body } = await first
    assert.deepEqual(
      [status, headers['sluice-version'], headers['x-asked']],
      [201, '1', `/a%20b?q=1 ${HOST}`],
    )
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2'])
    assert.deepEqual(Buffer.from(body, 'latin1'), BINARY)
    assert.equal(await waitingIn(store), 0)

    const large = ask({ path: '/large' })
    await pointed(ingress, endpoint(version), [target])
    const sentOn = await large
    assert.deepEqual([sentOn.status, sentOn.headers.location], [307, '/large'])
    assert.equal((await ask({ path: '/large' })).body.length, LARGE.length)

    await pointed(ingress, endpoint(version), [], 'v1 of web could not start.')
    const refused = await ask()
    assert.deepEqual([refused.status, JSON.parse(refused.body).detail], [503, 'v1 of web could not start.'])
  })
})

async function begun(store: ReturnType<typeof makeStore>) {
  const begun = await store.beginVersion(draft({ web: { kind: 'web' } }), new Map([['shop-web', 'web']]))
  assert.ok(begun.kind === 'begun')
  await store.cutOver(KEY, begun.version.version, Date.now())
  return begun.version
}

async function waitingIn(store: ReturnType<typeof makeStore>): Promise<number> {
  const demand = await store.demand(KEY, Date.now())
  return demand.find((of) => of.function === 'web')?.waiting ?? 0
}

/** All of the ingress, as the stacks lay it out. */
async function scene(t: TestContext) {
  await using made = new AsyncDisposableStack()
  const own = <Made extends { delete(): Promise<void> }>(it: Made) => made.adopt(it, () => it.delete())
  const names = Object.keys(TABLES) as (keyof typeof TABLES)[]
  const tables = await Promise.all(
    names.map(async (name) => [`${name}Table` as Setting, own(await makeTable(name)).name] as const),
  )
  const { queue, messages } = await workQueue(made)
  const settings = {
    ...Object.fromEntries(tables),
    workQueueUrl: queue,
    ingressDomain: DOMAIN,
    ingressUrl: `http://<label>.${DOMAIN}`,
    vpc: VPC,
  }
  const forwarder = own(await makeFunction('web-request-forwarded', {}))
  const variables = toVariables({ ...settings, forwarder: forwarder.name })
  const activator = own(await makeFunction('web-request-waiting', variables))
  const group = await functionGroup(made, activator.arn)
  const { shard } = own(await makeLoadBalancer(group))
  const { listenerArn, activatorTargetGroupArn, loadBalancerDns } = shard
  const ingressShards = JSON.stringify([[listenerArn, activatorTargetGroupArn, loadBalancerDns]])
  const told = fromVariables(toVariables({ ...settings, ingressShards }))
  const ask = (sent?: Sent): Promise<Answer> => send({ host: shard.loadBalancerDns, port: 80 }, HOST, sent)
  const kept = made.move()
  t.after(() => kept.disposeAsync())
  return { store: makeStore(told), ingress: makeIngress(told), ask, messages }
}

async function workQueue(made: AsyncDisposableStack) {
  const client = new SQSClient()
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: `${randomPrefix()}work` }))
  made.defer(async () => {
    await client.send(new DeleteQueueCommand({ QueueUrl }))
  })
  const messages = async () => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
    return Messages.map(({ Body }) => Body).join('\n')
  }
  return { queue: QueueUrl, messages }
}

async function functionGroup(made: AsyncDisposableStack, functionArn: string): Promise<string> {
  const client = new ElasticLoadBalancingV2Client()
  const { TargetGroups: [group] = [] } = await client.send(
    new CreateTargetGroupCommand({ Name: `${randomPrefix()}activator`, TargetType: 'lambda' }),
  )
  const TargetGroupArn = group?.TargetGroupArn ?? ''
  const Attributes = [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }]
  await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }))
  await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: functionArn }] }))
  made.defer(async () => {
    await client.send(new DeleteTargetGroupCommand({ TargetGroupArn }))
  })
  return TargetGroupArn
}
