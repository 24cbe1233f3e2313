import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { ProcessExit } from '../../control/containers.ts'
import type { Container } from '../../control/model.ts'
import type { Compute, Launch } from '../../control/ports.ts'
import { FunctionSpec } from '../../protocol/manifest.ts'
import { type Conditions, itExcept } from './conditions.ts'

/** What a container is to run, of test/fixtures/runners. */
export type Program = 'ignores-sigterm' | 'leaves-a-child' | 'exits'

export interface ComputeRig {
  compute: Compute
  /** The ends of containers that were told, as they were told. */
  exits: [id: string, exit: ProcessExit][]
  /** What the container printed first, once it has. */
  firstLine(id: string): Promise<string>
  /** Settles once the container's end has been told. */
  exited(id: string): Promise<ProcessExit>
  close(): Promise<void>
}

export function launchOf(id: string): Launch {
  const container: Container = {
    id,
    env: 'main',
    app: 'shop',
    function: 'index',
    version: 1,
    state: 'starting',
    running: 0,
    requests: 0,
    launched: false,
    startedAt: 0,
    seenAt: 0,
  }
  return { container, spec: FunctionSpec.parse({ kind: 'plain' }), token: `sct_${id}_secret` }
}

/** What the domain relies on to start containers and to be rid of them. */
export function computeContract(
  name: string,
  makeCompute: (program: Program) => Promise<ComputeRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as compute`, { skip: conditions.skip ?? false, timeout: 600_000 }, () => {
    const scene = async (t: TestContext, program: Program) => {
      const rig = await makeCompute(program)
      t.after(() => rig.close())
      return rig
    }

    it('starts a container that knows who it is', async (t) => {
      const { compute, firstLine } = await scene(t, 'ignores-sigterm')
      await compute.launch(launchOf('co-1'))
      const { env } = JSON.parse(await firstLine('co-1'))
      assert.equal(env.SLUICE_CONTAINER_ID, 'co-1')
      assert.equal(env.SLUICE_TOKEN, 'sct_co-1_secret')
    })

    it('stops a container, also one that will not go, and tells of its end', async (t) => {
      const { compute, exits, firstLine, exited } = await scene(t, 'ignores-sigterm')
      await compute.launch(launchOf('co-1'))
      await firstLine('co-1')
      assert.equal(await compute.stop('co-1'), 'stopping')
      await exited('co-1')
      assert.equal(await compute.stop('co-1'), 'gone')
      assert.equal(exits.length, 1)
    })

    it('takes a second launch of a container for the same one', async (t) => {
      const { compute, exits, firstLine, exited } = await scene(t, 'ignores-sigterm')
      await Promise.all([compute.launch(launchOf('co-1')), compute.launch(launchOf('co-1'))])
      await firstLine('co-1')
      await compute.launch(launchOf('co-1'))
      await compute.stop('co-1')
      await exited('co-1')
      assert.equal(await compute.stop('co-1'), 'gone')
      assert.equal(exits.length, 1)
    })

    it('tells how a container ended by itself', async (t) => {
      const { compute, exited } = await scene(t, 'exits')
      await compute.launch(launchOf('co-1'))
      assert.equal((await exited('co-1')).code, 7)
    })

    it('knows that there is nothing to stop where nothing was launched', async (t) => {
      const { compute } = await scene(t, 'exits')
      assert.equal(await compute.stop('co-1'), 'gone')
    })
  })
}
