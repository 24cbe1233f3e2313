import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it, type TestContext } from 'node:test'
import type { FunctionSpecInput } from '../../../../protocol/manifest.ts'
import { launchOf } from '../../../contract/compute.ts'
import { buildRunnerImage, RUNNER_IMAGE } from '../../../emulator/image/runner.ts'
import { ControlPlane } from '../../../runner/control-plane.ts'
import { skip } from '../account.ts'
import { computeScene } from './scene.ts'

const AUTHOR = join(import.meta.dirname, '../../../fixtures/bundles/author.mjs')
/** Tells where it finds itself, when called and over HTTP. */
const BUNDLE = `
  import { accessSync, constants } from 'node:fs'
  import { getHeapStatistics } from 'node:v8'
  import { makeApp } from './author.mjs'

  const isWritable = (path) => {
    try {
      accessSync(path, constants.W_OK)
      return true
    } catch {
      return false
    }
  }
  const whereabouts = () => ({
    user: process.getuid(),
    root: process.cwd(),
    home: process.env.HOME,
    writable: ['/', '/sluice', '/sluice/main.cjs', '/tmp'].filter(isWritable),
    heapMb: Math.round(getHeapStatistics().heap_size_limit / 2 ** 20),
    credentials: Object.keys(process.env).filter((name) => /^(AWS|ECS)_/.test(name)),
  })
  export default makeApp({ plain: whereabouts, web: () => Response.json(whereabouts()) })
`
const WHEREABOUTS = {
  user: 1000,
  root: '/tmp/sluice',
  home: '/tmp',
  writable: ['/tmp'],
  credentials: [],
}

describe('the image of the runner', { skip, timeout: 120_000 }, () => {
  before(() => {
    buildRunnerImage()
  })

  /** A container under a control plane of its own, launched as any other. */
  const start = async (t: TestContext, kind: 'plain' | 'web', spec: Partial<FunctionSpecInput> = {}) => {
    const files = { 'bundle.mjs': BUNDLE, 'author.mjs': readFileSync(AUTHOR) }
    const host = new URL(process.env.AWS_ENDPOINT_URL ?? '').hostname
    const plane = new ControlPlane({ function: kind, spec: { kind, ...spec }, files }, host)
    await plane.listen()
    t.after(() => plane.goAway())
    const made = await computeScene({ image: RUNNER_IMAGE, readonlyRootFilesystem: true }, plane.url)
    t.after(() => made.close())
    const launch = launchOf('co-1')
    await made.compute.launch({ ...launch, spec: { ...launch.spec, memory: 1024 } })
    await plane.changes.until(() => plane.isReady)
    return { plane, ...made }
  }

  it('serves the web at the address that it tells', async (t) => {
    const { plane, tasks } = await start(t, 'web')
    const [task] = await tasks()
    const own = task?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address
    assert.equal(plane.address, `${own}:8080`)
    const response = await fetch(`http://${plane.address}/`)
    const { heapMb, ...whereabouts } = (await response.json()) as { heapMb: number }
    assert.deepEqual(whereabouts, WHEREABOUTS)
  })

  it('runs calls as nobody, with nothing to write to but /tmp, no credentials, and within its memory', async (t) => {
    const { plane } = await start(t, 'plain', { memory: 1024 })
    const outcome = await plane.call('ca-1', [])
    assert.ok(outcome.status === 'succeeded' && 'json' in outcome.result)
    const { heapMb, ...whereabouts } = JSON.parse(outcome.result.json)
    assert.deepEqual(whereabouts, WHEREABOUTS)
    assert.ok(heapMb > 700 && heapMb < 900, `the heap may grow to ${heapMb} MiB`)
  })

  it('leaves in good order when its task is stopped', async (t) => {
    const { compute, exited } = await start(t, 'plain')
    assert.equal(await compute.stop('co-1'), 'stopping')
    assert.deepEqual(await exited('co-1'), { code: 0, reason: 'Stopped by Sluice' })
  })
})
