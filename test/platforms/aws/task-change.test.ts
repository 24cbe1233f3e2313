import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTaskChange } from '../../../platforms/aws/task-change.ts'

/** As ECS writes them: Amazon ECS Developer Guide, "Amazon ECS task state change events". */
const event = (detail: object) => ({
  version: '0',
  id: '3317b2af-7005-947d-b652-f55e762e571a',
  'detail-type': 'ECS Task State Change',
  source: 'aws.ecs',
  detail: {
    clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/sluice',
    taskArn: 'arn:aws:ecs:us-east-1:111122223333:task/sluice/c13b4cb4',
    lastStatus: 'STOPPED',
    startedBy: 'co-1',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    ...detail,
  },
})
const runner = (fields: object) => [
  { name: 'guard', exitCode: 0 },
  { name: 'runner', ...fields },
]

describe('a change of a task', () => {
  for (const [name, detail, exit] of [
    ['exited by itself', { containers: runner({ exitCode: 1 }) }, { code: 1 }],
    ['was killed', { containers: runner({ exitCode: 137 }) }, { signal: 'SIGKILL' }],
    [
      'took too much memory',
      {
        containers: runner({
          exitCode: 137,
          reason: 'OutOfMemoryError: Container killed due to memory usage',
        }),
      },
      { signal: 'SIGKILL', reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
    [
      'never started',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: not found',
        containers: runner({}),
      },
      { reason: 'CannotPullContainerError: not found' },
    ],
    [
      'was stopped by somebody',
      {
        stopCode: 'UserInitiated',
        stoppedReason: 'Stopped in the console',
        containers: runner({ exitCode: 0 }),
      },
      { code: 0, reason: 'Stopped in the console' },
    ],
    [
      'is of a task without containers',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'no' },
      { reason: 'no' },
    ],
  ] as const) {
    it(`says how a container ended that ${name}`, () => {
      assert.deepEqual(readTaskChange(event(detail)), { id: 'co-1', exit })
    })
  }

  it('means nothing before the end, or of a task that is no container of ours', () => {
    assert.equal(readTaskChange(event({ lastStatus: 'DEPROVISIONING' })), undefined)
    assert.equal(readTaskChange(event({ startedBy: 'ecs-svc/1' })), undefined)
    assert.equal(readTaskChange(event({ startedBy: undefined })), undefined)
  })

  it('is none if it is of another kind', () => {
    assert.throws(() => readTaskChange({ 'detail-type': 'ECS Deployment State Change', detail: {} }))
  })
})
