import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isEventful, type Lane, lanesOf } from '../../console/views/app/hand-over/lanes.ts'
import type { ContainerView } from '../../protocol/api.ts'
import type { AppView, DrainRow } from '../../protocol/app-view.ts'

const NOW = Date.parse('2026-01-31T12:00:00Z')
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1_000).toISOString()

const row = (
  version: number,
  state: DrainRow['state'],
  containers: Partial<DrainRow['containers']>,
): DrainRow => ({
  version,
  state,
  containers: { starting: 0, ready: 0, draining: 0, ...containers },
  calls: 0,
  requests: 0,
})

const container = (version: number, id: string, fields: Partial<ContainerView>): ContainerView => ({
  id,
  app: 'shop',
  env: 'main',
  function: 'work',
  version,
  state: 'ready',
  running: 0,
  requests: 0,
  startedAt: at(600),
  ...fields,
})

const stopped = (version: number, id: string, secondsAgo: number) =>
  container(version, id, { state: 'stopped', stoppedAt: at(secondsAgo) })

const HANDING_OVER = {
  liveVersion: 7,
  versions: [row(7, 'live', { ready: 1 }), row(6, 'draining', { draining: 1 })],
  lastRollout: { version: 7, status: 'live', liveAt: at(300), deployedAt: at(310), rollout: [] },
} as unknown as AppView

const ids = ({ tiles }: Lane) => Object.values(tiles ?? {}).map((place) => place.map(({ id }) => id))

describe('lanes of the hand-over', () => {
  test('what stopped since the take-over stays as long as the rest of its version drains', () => {
    const containers = [
      container(7, 'new', {}),
      container(6, 'old', { state: 'draining' }),
      stopped(6, 'left', 200),
      stopped(6, 'before', 400),
    ]
    const [v7, v6] = lanesOf(HANDING_OVER, containers, NOW)
    assert.deepEqual(v7 && ids(v7), [[], ['new'], [], []])
    assert.deepEqual(v6 && ids(v6), [[], [], ['old'], ['left']])
  })

  test('a version of which nothing runs any more stays for a minute, and is drained', () => {
    const only = { ...HANDING_OVER, versions: [row(7, 'live', { ready: 1 })] }
    const state = (secondsAgo: number) =>
      lanesOf(only, [stopped(6, 'left', secondsAgo)], NOW).map((lane) => [lane.version, lane.state])
    assert.deepEqual(state(59), [
      [7, 'live'],
      [6, 'drained'],
    ])
    assert.deepEqual(state(61), [[7, 'live']])
  })

  test('of versions that came one right after the other, only the last few stay once nothing of them runs', () => {
    const oneByOne = [5, 4, 3, 2, 1].map((version) => stopped(version, `of-${version}`, 5))
    const lanes = lanesOf(HANDING_OVER, [container(7, 'new', {}), ...oneByOne], NOW)
    assert.deepEqual(
      lanes.map(({ version }) => version),
      [7, 6, 5, 4, 3],
    )
  })

  test('a version that never went live has failed, and is not drained', () => {
    const failed = { ...HANDING_OVER, lastRollout: { version: 8, status: 'failed', rollout: [] } } as never
    assert.equal(lanesOf(failed, [stopped(8, 'crashed', 5)], NOW)[0]?.state, 'failed')
  })

  test('without the containers the numbers of the drain board stand for them', () => {
    const [v7, v6] = lanesOf(HANDING_OVER, undefined, NOW)
    assert.deepEqual([v7?.counts.ready, v6?.counts.draining, v6?.tiles], [1, 1, undefined])
  })

  test('those that stopped are of interest while versions hand over, and for a minute after the last step', () => {
    const quiet = (secondsAgo: number) =>
      ({
        state: 'deployed',
        versions: [row(7, 'live', { ready: 1 })],
        lastRollout: { deployedAt: at(900), rollout: [{ step: 'drain', state: 'done', at: at(secondsAgo) }] },
      }) as unknown as AppView
    assert.equal(isEventful(HANDING_OVER, NOW), true)
    assert.deepEqual([isEventful(quiet(59), NOW), isEventful(quiet(61), NOW)], [true, false])
  })
})
