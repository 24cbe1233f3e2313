import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { messageOf } from '../../../control/message.ts'
import { AwsNotifier } from '../../../platforms/aws/notifier.ts'
import { isPrivate } from '../../../platforms/aws/private-addresses.ts'
import { notice } from '../../contract/store-notices.ts'
import { Webhook } from '../../e2e/webhook.ts'

const MESSAGE = messageOf(notice('rollout_failed/main/shop/7', { version: 7 }))
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:sluice-pager'

function notifier(addresses: Record<string, string[]> = {}) {
  const published: PublishCommand['input'][] = []
  const sns = {
    send: async ({ input }: PublishCommand) => {
      published.push(input)
      if (input.TopicArn !== TOPIC) throw new Error('not authorized to perform: SNS:Publish')
    },
  } as unknown as SNSClient
  const addressesOf = async (host: string) => addresses[host] ?? [host]
  return { published, it: new AwsNotifier({ sns, clock: { now: () => 0 }, addressesOf }) }
}

test('addresses inside a network or of the machine itself are told from those of the internet', () => {
  const inside = [
    ...['10.1.2.3', '127.0.0.1', '169.254.169.254', '172.31.0.1', '192.168.1.1', '100.64.0.1', '0.0.0.0'],
    ...['::1', '::', 'fd00::1', 'fe80::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '64:ff9b::a00:1'],
    ...['::10.0.0.1', '::127.0.0.1', '::ffff:0:7f00:1', 'fec0::1', 'fe80::1%eth0', '3fff::1', '5f00::1'],
  ]
  for (const address of inside) assert.ok(isPrivate(address), address)
  for (const address of ['1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])
    assert.ok(!isPrivate(address), address)
})

test('a webhook that is not on the internet is refused, whatever it is called', async () => {
  const { it } = notifier({
    'inside.example': ['1.1.1.1', '10.0.0.7'],
    'outside.example': ['1.1.1.1'],
    'no.example': [],
  })
  const refusals: [url: string, message: RegExp | undefined][] = [
    ['https://outside.example/hook', undefined],
    ['https://inside.example/hook', /private address/],
    ['https://169.254.169.254/latest/meta-data', /private address/],
    ['https://[::ffff:169.254.169.254]/', /private address/],
    ['https://2852039166/', /private address/],
    ['https://no.example/', /not known/],
    ['http://localhost:8080/', /must begin with https/],
  ]
  for (const [url, message] of refusals) {
    const refusal = await it.refusal({ webhook: url })
    if (message) assert.match(refusal ?? 'taken', message, url)
    else assert.equal(refusal, undefined, url)
  }
})

test('nothing is sent to a private address, though its name meant another one when the channel was made', async () => {
  await using webhook = await Webhook.start()
  const { port } = new URL(webhook.url)
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    const outcome = await notifier().it.deliver({ webhook: `http://${host}:${port}/` }, MESSAGE, 'secret')
    assert.ok(outcome.kind === 'failed' && /private address/.test(outcome.reason), JSON.stringify(outcome))
  }
  assert.deepEqual(webhook.delivered, [])
})

test('a topic is sent the notice as data, with its id and kind to filter by', async () => {
  const { it, published } = notifier()
  assert.deepEqual(await it.deliver({ topic: TOPIC }, MESSAGE, 'secret'), { kind: 'delivered' })
  const [input] = published
  assert.deepEqual(JSON.parse(input?.Message ?? ''), {
    ...{ env: 'main', app: 'shop', id: 'rollout_failed/main/shop/7', kind: 'rollout_failed', version: 7 },
    ...{ at: '1970-01-01T00:00:01.000Z', message: 'It broke.', logs: ['last words'] },
  })
  assert.equal(input?.Subject, 'A rollout failed: shop v7')
  assert.equal(input?.MessageAttributes?.notice?.StringValue, 'rollout_failed/main/shop/7')
  const refused = await it.deliver({ topic: `${TOPIC}-of-others` }, MESSAGE, 'secret')
  assert.deepEqual(refused, { kind: 'failed', reason: 'not authorized to perform: SNS:Publish' })
})
