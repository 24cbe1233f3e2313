import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { LocalNotifier } from '../../platforms/local/notifier.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const URL_OF_SLACK = 'https://hooks.slack.com/services/T0/B0/canary'

let installation: Installation
before(async () => {
  installation = await install()
  installation.ports.notifier = new LocalNotifier(installation.ports.clock)
})
after(() => installation.close())

const write = (name: string, body: object) =>
  send(installation, 'writeChannel', { params: { name }, body: { webhook: URL_OF_SLACK, ...body } })

test('the secret of a channel is told once, and its URL never', async () => {
  const first = await write('team', {})
  assert.match(first.body.secret ?? '', /^whsec_[0-9a-f]{64}$/)
  const second = await write('team', { muted: ['toy'] })
  assert.deepEqual([second.body.secret, second.body.muted], [undefined, ['toy']])
  const listed = await send(installation, 'listChannels')
  const audit = await send(installation, 'listAudit')
  const said = JSON.stringify([first.body, second.body, listed.body, audit.body])
  assert.doesNotMatch(said, /canary/)
  assert.equal(listed.body.items[0]?.webhook, 'https://hooks.slack.com/…')
  assert.doesNotMatch(JSON.stringify([listed.body, audit.body]), /whsec_/)
})

test('who makes, changes or deletes a channel is on record', async () => {
  await write('pager', { app: 'shop' })
  await send(installation, 'deleteChannel', { params: { name: 'pager' } })
  const again = await refuse(installation, 'deleteChannel', { params: { name: 'pager' } })
  assert.deepEqual([again.status, again.code], [404, 'channel_not_found'])
  const { body } = await send(installation, 'listAudit')
  const told = body.items.filter(({ subject }) => subject === 'pager')
  assert.deepEqual(
    told.map(({ action, by }) => [action, by]),
    [
      ['channel.deleted', 'ada'],
      ['channel.written', 'ada'],
    ],
  )
})

test('a channel made anew under an old name has another secret', async () => {
  const first = await write('reborn', {})
  await send(installation, 'deleteChannel', { params: { name: 'reborn' } })
  const second = await write('reborn', {})
  assert.notEqual(second.body.secret, first.body.secret)
})

test('what cannot be a channel is refused, with the field and the reason, and nothing is made', async () => {
  const wrong: [body: object, path: string, message: RegExp][] = [
    [{}, 'webhook', /give either webhook/],
    [{ webhook: URL_OF_SLACK, topic: 'arn:aws:sns:eu-west-1:111122223333:sluice-a' }, 'webhook', /either/],
    [{ webhook: 'hooks.slack.com' }, 'webhook', /must be a URL/],
    [{ webhook: 'http://hooks.slack.com/x' }, 'webhook', /must begin with https:/],
    [{ webhook: 'file:///etc/passwd' }, 'webhook', /must begin with https:/],
    [{ webhook: 'https://ann:pass@example.org' }, 'webhook', /user’s name or password/],
    [{ webhook: `https://example.org/${'x'.repeat(2_000)}` }, 'webhook', /2000/],
    [{ topic: 'arn:aws:sns:eu-west-1:111122223333:sluice-a' }, 'topic', /on AWS only/],
    [{ topic: 'arn:aws:sqs:eu-west-1:111122223333:sluice-a' }, 'topic', /ARN of a topic/],
    [{ webhook: URL_OF_SLACK, kinds: ['everything'] }, 'kinds.0', /./],
    [{ webhook: URL_OF_SLACK, kinds: [] }, 'kinds', /./],
    [{ webhook: URL_OF_SLACK, app: '../x' }, 'app', /./],
  ]
  for (const [body, path, message] of wrong) {
    const problem = await refuse(installation, 'writeChannel', { params: { name: 'wrong' }, body })
    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'], JSON.stringify(body))
    assert.equal(problem.errors[0]?.path, path, JSON.stringify(problem))
    assert.match(problem.errors[0]?.message ?? '', message)
  }
  const typo = await refuse(installation, 'writeChannel', {
    params: { name: 'wrong' },
    body: { webhok: URL_OF_SLACK },
  })
  assert.match(typo.detail, /webhook/)
  const name = await refuse(installation, 'writeChannel', {
    params: { name: 'Team!' },
    body: { webhook: URL_OF_SLACK },
  })
  assert.deepEqual([name.status, name.code], [400, 'invalid_request'])
  const { body } = await send(installation, 'listChannels')
  assert.ok(body.items.every((item) => item.name !== 'wrong'))
})

test('a channel that nobody has made cannot be tested, and the nearest is named', async () => {
  await write('alerts', {})
  const problem = await refuse(installation, 'testChannel', { params: { name: 'alert' } })
  assert.deepEqual([problem.status, problem.code], [404, 'channel_not_found'])
  assert.match(problem.detail, /Did you mean "alerts"\?/)
})

test('an environment has so many channels and no more', async () => {
  const query = { env: 'full' }
  await send(installation, 'putEnvironment', { params: { env: 'full' }, body: {} }).catch(() => undefined)
  const make = (i: number) => ({ params: { name: `c${i}` }, query, body: { webhook: URL_OF_SLACK } })
  for (let i = 0; i < 50; i++) await send(installation, 'writeChannel', make(i))
  const problem = await refuse(installation, 'writeChannel', make(50))
  assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
  assert.equal((await send(installation, 'writeChannel', make(49))).status, 200, 'changing one is no more')
})
