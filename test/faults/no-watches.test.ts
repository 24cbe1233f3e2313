import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'

const SOURCE = `
import { App } from 'sluice'
const app = new App('shop')
export const price = app.function(() => 'one euro')
export default app
`
/** As a user of its own, who may watch nothing. */
const BLIND = ['unshare', '-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_inotify_instances; exec "$@"', 'sh']

test('where a control plane may watch no folders all else goes on, and its log says why no log can be followed', {
  skip: !canBeBlind() && 'SKIPPED: what a user may watch can be limited on Linux only, and not everywhere',
}, async () => {
  await using installation = await Installation.startIn({ under: BLIND })
  await using folder = await AppFolder.create({ 'app.ts': SOURCE })
  await installation.run('deploy', folder.entry)
  assert.equal(await installation.run('call', 'shop.price'), 'one euro\n')
  const headers = { authorization: `Bearer ${installation.token}` }
  const following = await fetch(`${installation.url}/v1/apps/shop/logs?follow=true`, { headers })
  await assert.rejects(following.text())
  const isTold = () => /watch no more folders.*fs\.inotify\.max_user_watches/.test(installation.output)
  await until('its log to say so', isTold)
  assert.match(await installation.run('app', 'logs', 'shop'), /v1/, 'what there is can be read')
  assert.equal(await installation.run('call', 'shop.price'), 'one euro\n')
})

function canBeBlind(): boolean {
  try {
    execFileSync('unshare', [...BLIND.slice(1), 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
