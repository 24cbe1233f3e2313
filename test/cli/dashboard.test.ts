import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SenderView } from '../../protocol/tokens.ts'
import { makeFolder } from '../sdk/folder.ts'
import { type Peer, startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const ANN: SenderView = { kind: 'token', name: 'ann', role: 'deployer', scopes: ['read', 'call', 'deploy'] }
const EXPIRES_AT = '2026-01-31T06:01:00.000Z'

function startConsole(sender: Partial<SenderView> = { console: 'https://console.example' }): Promise<Peer> {
  return startPeer({
    whoAmI: () => ({ ...ANN, ...sender }),
    openSession: () => ({ code: 'slc_a-b_c', expiresAt: EXPIRES_AT }),
  })
}

const linkTo = (page: string) =>
  `https://console.example/sign-in#code=slc_a-b_c&to=${encodeURIComponent(page)}`

/** A program in place of the one that finds a browser, which notes what it is asked to open. */
function makeOpener(exitCode: number) {
  const folder = makeFolder({})
  const opened = join(folder.path, 'opened')
  const program = join(folder.path, 'xdg-open')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}'\nexit ${exitCode}\n`)
  chmodSync(program, 0o700)
  return {
    variables: { PATH: `${folder.path}:${process.env.PATH}` },
    opened: () => (existsSync(opened) ? readFileSync(opened, 'utf8').trimEnd() : undefined),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

test('without a terminal the link is printed, for whoever has a browser', async () => {
  await using peer = await startConsole()
  using opener = makeOpener(0)
  const pages: [words: string, page: string][] = [
    ['dashboard', '/apps/main'],
    ['app dashboard', '/apps/main'],
    ['dashboard shop', '/apps/main/shop'],
    ['app dashboard staging/shop', '/apps/staging/shop'],
    ['app dashboard shop --env prod', '/apps/prod/shop'],
  ]
  for (const [words, page] of pages) {
    const { code, stdout, stderr } = await sluice(words.split(' '), { url: peer.url, ...opener })
    assert.deepEqual([code, stdout], [0, `${linkTo(page)}\n`])
    assert.equal(stderr, 'Open it within a minute. It signs in once, as ann, deployer in all environments.\n')
  }
  assert.equal(opener.opened(), undefined)
})

test('a token of one environment opens the console there', async () => {
  await using peer = await startConsole({ console: 'https://console.example', env: 'prod' })
  const { stdout } = await sluice(['dashboard'], { url: peer.url })
  assert.equal(stdout, `${linkTo('/apps/prod')}\n`)
})

test('a browser is given the link, and what is printed then signs nobody in', async () => {
  await using peer = await startConsole()
  using opener = makeOpener(0)
  const { code, stdout, stderr } = await sluice(['dashboard', 'shop', '--open'], { url: peer.url, ...opener })
  assert.deepEqual([code, stderr], [0, ''])
  assert.equal(opener.opened(), linkTo('/apps/main/shop'))
  assert.match(stdout, /^✓ Opened https:\/\/console\.example\/apps\/main\/shop as ann, deployer/)
  assert.equal(stdout.includes('slc_'), false)
})

test('where no browser is found the link is printed', async () => {
  await using peer = await startConsole()
  using opener = makeOpener(3)
  const failed = await sluice(['dashboard', '--open'], { url: peer.url, ...opener })
  assert.deepEqual([failed.code, failed.stdout], [0, `${linkTo('/apps/main')}\n`])
  const none = await sluice(['dashboard', '--open'], { url: peer.url, variables: { PATH: '' } })
  assert.deepEqual([none.code, none.stdout], [0, `${linkTo('/apps/main')}\n`])
})

test('programs get the link and when it ends', async () => {
  await using peer = await startConsole()
  const { stdout } = await sluice(['dashboard', '--json'], { url: peer.url })
  assert.deepEqual(JSON.parse(stdout), { url: linkTo('/apps/main'), expiresAt: EXPIRES_AT })
})

test('where there is no console, no code is asked for', async () => {
  for (const console of [undefined, 'file:///etc/passwd', '--help']) {
    await using peer = await startConsole({ console })
    const { code, stderr } = await sluice(['dashboard', '--open'], { url: peer.url })
    assert.deepEqual([code, stderr], [1, `✗ ${peer.url} serves no web console.\n`])
    assert.deepEqual(
      peer.requests.map(({ route }) => route),
      ['whoAmI'],
    )
  }
})
