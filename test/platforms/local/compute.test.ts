import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { ProcessExit } from '../../../control/containers.ts'
import { LocalCompute } from '../../../platforms/local/compute/compute.ts'
import { killLeftovers } from '../../../platforms/local/compute/folders.ts'
import { identify, isAlive } from '../../../platforms/local/compute/processes.ts'
import { computeContract, launchOf, type Program } from '../../contract/compute.ts'

const POLL_MS = 5

async function scene(program: Program) {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-compute-'))
  const path = join(import.meta.dirname, '../../fixtures/runners', `${program}.mjs`)
  const exits: [string, ProcessExit][] = []
  const faults: Error[] = []
  const errors: unknown[] = []
  const begin = (variables: Record<string, string | undefined> = process.env) =>
    new LocalCompute({
      dir,
      apiUrl: () => 'http://127.0.0.1:4100',
      runner: { path },
      variables,
      onExit: async (id, exit) => {
        const fault = faults.shift()
        if (fault) throw fault
        exits.push([id, exit])
      },
      onError: (error) => errors.push(error),
    })
  const compute = begin()
  const log = join(dir, 'logs/main/shop/co-1.ndjson')
  const exited = async (id: string) => {
    await until(() => exits.some(([exited]) => exited === id))
    return exits.find(([exited]) => exited === id)?.[1] ?? {}
  }
  return {
    dir,
    compute,
    begin,
    exits,
    faults,
    errors,
    log,
    exited,
    folder: (id: string) => join(dir, 'containers', id),
    firstLine: async (id: string) => {
      const file = join(dir, 'logs/main/shop', `${id}.ndjson`)
      await until(() => existsSync(file) && readFileSync(file, 'utf8').split('\n').length > 2)
      return readFileSync(file, 'utf8').split('\n')[1] ?? ''
    },
    close: async () => {
      compute.close()
      await killLeftovers(dir)
      await rm(dir, { recursive: true, maxRetries: 5 })
    },
  }
}

it('a process that nobody has buried is not alive', { timeout: 10_000 }, async (t) => {
  const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.after(() => parent.kill('SIGKILL'))
  const [line] = await once(parent.stdout, 'data')
  const child = identify(Number(line))
  assert.ok(isAlive(child))
  process.kill(child.pid, 'SIGKILL')
  await until(() => !isAlive(child))
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(POLL_MS)
}

const isRunning = (pid: number): boolean => {
  try {
    return isAlive(identify(pid))
  } catch {
    return false
  }
}

computeContract('LocalCompute', scene)

describe('LocalCompute', { timeout: 60_000 }, () => {
  const sceneOf = async (t: TestContext, program: Program) => {
    const made = await scene(program)
    t.after(() => made.close())
    return made
  }

  it('gives a container its own folder and variables, and nothing else of the control plane', async (t) => {
    const { begin, firstLine, folder } = await sceneOf(t, 'ignores-sigterm')
    const { PATH } = process.env
    const compute = begin({
      PATH,
      HOME: '/home/ada',
      LANG: 'C',
      TMPDIR: '/tmp',
      SLUICE_DIR: 'x',
      AWS_SECRET: 'y',
    })
    await compute.launch(launchOf('co-1'))
    const { cwd, env } = JSON.parse(await firstLine('co-1'))
    assert.equal(cwd, join(folder('co-1'), 'root'))
    assert.deepEqual(env, {
      PATH,
      HOME: '/home/ada',
      LANG: 'C',
      TMPDIR: '/tmp',
      SLUICE_URL: 'http://127.0.0.1:4100',
      SLUICE_CONTAINER_ID: 'co-1',
      SLUICE_TOKEN: 'sct_co-1_secret',
      SLUICE_ROOT: cwd,
      SLUICE_HOST: '127.0.0.1',
      SLUICE_PORT: '0',
      SLUICE_MEMORY: '512',
    })
    compute.close()
  })

  it('starts one process, however often it is asked to', async (t) => {
    const { compute, firstLine, log } = await sceneOf(t, 'ignores-sigterm')
    await Promise.all([1, 2, 3].map(() => compute.launch(launchOf('co-1'))))
    await firstLine('co-1')
    await compute.launch(launchOf('co-1'))
    const begun = readFileSync(log, 'utf8').match(/"container":"co-1"/g)
    assert.equal(begun?.length, 1)
  })

  it('lets nothing outlive its container but the log', async (t) => {
    const { compute, folder, firstLine, exited, log } = await sceneOf(t, 'leaves-a-child')
    await compute.launch(launchOf('co-1'))
    const { child } = JSON.parse(await firstLine('co-1'))
    assert.ok(isRunning(child))
    writeFileSync(join(folder('co-1'), 'root/leave'), '')
    assert.equal((await exited('co-1')).code, 3)
    await until(() => !isRunning(child) && !existsSync(folder('co-1')))
    assert.ok(existsSync(log))
  })

  it('finds the containers of an earlier control plane, and tells of their end', async (t) => {
    const { compute, begin, exits, firstLine, exited } = await sceneOf(t, 'ignores-sigterm')
    await compute.launch(launchOf('co-1'))
    const { pid } = JSON.parse(await firstLine('co-1'))
    compute.close()
    const next = begin()
    await next.adopt(['co-1', 'co-never-launched'])
    await next.launch(launchOf('co-1'))
    assert.ok(isRunning(pid))
    assert.deepEqual(exits, [])
    assert.equal(await next.stop('co-1'), 'stopping')
    assert.deepEqual(await exited('co-1'), {})
    next.close()
  })

  it('tells at once of containers that ended while no control plane was there', async (t) => {
    const { compute, begin, exits, firstLine, folder } = await sceneOf(t, 'ignores-sigterm')
    await compute.launch(launchOf('co-1'))
    const { pid } = JSON.parse(await firstLine('co-1'))
    compute.close()
    process.kill(pid, 'SIGKILL')
    await until(() => !isRunning(pid))
    const next = begin()
    await next.adopt(['co-1'])
    assert.deepEqual(exits, [['co-1', {}]])
    assert.ok(!existsSync(folder('co-1')))
    next.close()
  })

  it('ends whatever should not run, and nothing else', async (t) => {
    const { compute, begin, exits, firstLine, folder } = await sceneOf(t, 'ignores-sigterm')
    await Promise.all(['co-1', 'co-2'].map((id) => compute.launch(launchOf(id))))
    const [wanted, stray] = (await Promise.all(['co-1', 'co-2'].map(firstLine))).map(
      (line) => JSON.parse(line).pid,
    )
    compute.close()
    const next = begin()
    await next.reap(['co-1'])
    assert.deepEqual([isRunning(wanted), isRunning(stray)], [true, false])
    assert.deepEqual([existsSync(folder('co-1')), existsSync(folder('co-2'))], [true, false])
    assert.deepEqual(exits, [])
    next.close()
  })

  it('leaves alone a later process that was given the number of a container', async (t) => {
    const { compute, firstLine, folder, exited } = await sceneOf(t, 'ignores-sigterm')
    await compute.launch(launchOf('co-1'))
    const { pid } = JSON.parse(await firstLine('co-1'))
    t.after(() => isRunning(pid) && process.kill(-pid, 'SIGKILL'))
    writeFileSync(join(folder('co-1'), 'process.json'), JSON.stringify({ pid, startTime: 'earlier' }))
    assert.equal(await compute.stop('co-1'), 'gone')
    await compute.reap([])
    process.kill(-pid, 'SIGHUP')
    assert.equal((await exited('co-1')).signal, 'SIGHUP')
  })

  it('takes half a record, as a power cut leaves it, for that of a container that is gone', async (t) => {
    const { compute, folder } = await sceneOf(t, 'exits')
    mkdirSync(folder('co-1'), { recursive: true })
    writeFileSync(join(folder('co-1'), 'process.json'), '{"pid":')
    await compute.adopt(['co-1'])
    assert.equal(await compute.stop('co-1'), 'gone')
  })

  it('tells of an end again when it could not be told', async (t) => {
    const { compute, faults, errors, exits, exited } = await sceneOf(t, 'exits')
    faults.push(new Error('the store is busy'))
    await compute.launch(launchOf('co-1'))
    assert.equal((await exited('co-1')).code, 7)
    assert.deepEqual([exits.length, errors.length], [1, 1])
  })

  it('says which container could not be started, and why, and leaves nothing', async (t) => {
    const { begin, folder } = await sceneOf(t, 'exits')
    const compute = begin({ PATH: 'x'.repeat(4_000_000) })
    await assert.rejects(compute.launch(launchOf('co-1')), /container co-1 could not be started: .*E2BIG/)
    assert.ok(!existsSync(folder('co-1')))
  })

  it('is rid of what a state folder left running, without a store, which is told at the next start', async (t) => {
    const { dir, compute, begin, exits, firstLine } = await sceneOf(t, 'ignores-sigterm')
    await Promise.all(['co-1', 'co-2'].map((id) => compute.launch(launchOf(id))))
    const pids = (await Promise.all(['co-1', 'co-2'].map(firstLine))).map((line) => JSON.parse(line).pid)
    compute.close()
    assert.equal(await killLeftovers(dir), 2)
    assert.deepEqual(pids.filter(isRunning), [])
    assert.equal(await killLeftovers(dir), 0)
    const next = begin()
    await next.adopt(['co-1', 'co-2'])
    assert.equal(exits.length, 2)
    next.close()
  })
})
