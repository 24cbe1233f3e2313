import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const ADDRESS = 'https://hooks.example.com/services/T0/B0/nobody-should-see'

test('the address of a webhook can be piped in, past the list of processes', async () => {
  await using peer = await startPeer({
    writeChannel: () => ({
      name: 'team',
      env: 'main',
      webhook: 'https://hooks.example.com/…',
      muted: [],
      state: 'new',
      lost: 0,
      createdAt: '2026-01-31T06:00:00.000Z',
      createdBy: 'ada',
      secret: 'whsec_1',
    }),
  })
  const words = ['channel', 'create', 'team', '--webhook', '-']
  const { stdout, stderr } = await sluice(words, { url: peer.url, input: `${ADDRESS}\n` })
  assert.equal(stdout, 'whsec_1\n')
  assert.ok(!stderr.includes(ADDRESS))
  assert.equal(bodyOf(peer, 'writeChannel').webhook, ADDRESS)
})
