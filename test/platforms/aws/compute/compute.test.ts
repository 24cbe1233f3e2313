import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { computeContract, launchOf } from '../../../contract/compute.ts'
import { commandsOf, skip } from '../account.ts'
import { crashAt } from '../crash.ts'
import { programOf } from './clusters.ts'
import { computeScene } from './scene.ts'

computeContract('FargateCompute', (program) => computeScene(programOf(program)), { skip })

describe('FargateCompute', { skip, timeout: 120_000 }, () => {
  const sceneOf = async (t: TestContext, container = programOf('ignores-sigterm')) => {
    const made = await computeScene(container)
    t.after(() => made.close())
    return made
  }
  const large = () => {
    const launch = launchOf('co-1')
    return { ...launch, spec: { ...launch.spec, cpu: 2, memory: 4096 } }
  }

  it('says all that is particular about a container when it starts its task', async (t) => {
    const { compute, tasks, firstLine } = await sceneOf(t)
    assert.deepEqual(await compute.launch(large()), { kind: 'launched' })
    const [task] = await tasks()
    const { startedBy, launchType, cpu, memory, tags } = task ?? {}
    assert.deepEqual(
      { startedBy, launchType, cpu, memory },
      { startedBy: 'co-1', launchType: 'FARGATE', cpu: '2048', memory: '4096' },
    )
    assert.deepEqual(Object.fromEntries(tags?.map(({ key, value }) => [key, value]) ?? []), {
      'sluice:env': 'main',
      'sluice:app': 'shop',
      'sluice:function': 'index',
      'sluice:version': '1',
    })
    const { env } = JSON.parse(await firstLine('co-1'))
    const given = Object.entries(env).filter(([name]) => name.startsWith('SLUICE_'))
    assert.deepEqual(Object.fromEntries(given), {
      SLUICE_URL: 'http://api.test',
      SLUICE_CONTAINER_ID: 'co-1',
      SLUICE_TOKEN: 'sct_co-1_secret',
      SLUICE_ROOT: '/tmp/sluice',
      SLUICE_HOST: '0.0.0.0',
      SLUICE_PORT: '8080',
      SLUICE_MEMORY: '4096',
    })
  })

  it('starts one task, however often it is asked to and wherever it dies', async (t) => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 1, crashed = true; crashed; call++) {
        const { begin, tasks } = await sceneOf(t)
        const dying = begin()
        crashAt(call, when, [dying.ecs, dying.database])
        crashed = await dying.compute.launch(launchOf('co-1')).then(
          () => false,
          () => true,
        )
        assert.deepEqual(await begin().compute.launch(launchOf('co-1')), { kind: 'launched' })
        assert.equal((await tasks()).length, 1, `died ${when} call ${call}`)
        const next = begin()
        const calls = commandsOf(next.ecs)
        assert.equal(await next.compute.stop('co-1'), 'stopping')
        assert.deepEqual(calls, ['StopTaskCommand'])
      }
    }
  })

  it('takes one that was launched before an update of the installation for the same', async (t) => {
    const { begin, tasks } = await sceneOf(t)
    await begin().compute.launch(launchOf('co-1'))
    assert.deepEqual(await begin().compute.launch(large()), { kind: 'launched' })
    assert.equal((await tasks()).length, 1)
  })

  it('finds a task to stop that was started by a process which died before it wrote that down', async (t) => {
    const { begin, exited } = await sceneOf(t)
    const { compute, database } = begin()
    crashAt(1, 'before', [database])
    await assert.rejects(compute.launch(launchOf('co-1')))
    assert.equal(await begin().compute.stop('co-1'), 'stopping')
    await exited('co-1')
    assert.equal(await begin().compute.stop('co-1'), 'gone')
  })

  it('is stopping until it is gone', async (t) => {
    const { compute, firstLine, exited } = await sceneOf(t)
    await compute.launch(launchOf('co-1'))
    await firstLine('co-1')
    assert.deepEqual([await compute.stop('co-1'), await compute.stop('co-1')], ['stopping', 'stopping'])
    assert.deepEqual(await exited('co-1'), { signal: 'SIGKILL', reason: 'Stopped by Sluice' })
  })

  it('tells of an image that cannot be pulled', async (t) => {
    const { compute, exited } = await sceneOf(t, { image: 'registry.test/none:1' })
    assert.deepEqual(await compute.launch(launchOf('co-1')), { kind: 'launched' })
    const { code, reason = '' } = await exited('co-1')
    assert.equal(code, undefined)
    assert.match(reason, /^CannotPullContainerError: .*registry\.test\/none:1/)
  })
})
