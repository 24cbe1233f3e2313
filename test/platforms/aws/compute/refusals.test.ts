import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { ECSClient } from '@aws-sdk/client-ecs'
import type { Launched } from '../../../../control/ports.ts'
import { FargateCompute } from '../../../../platforms/aws/compute/compute.ts'
import { TaskRecords } from '../../../../platforms/aws/compute/task-records.ts'
import { resourcesTable } from '../../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../../platforms/aws/settings.ts'
import { launchOf } from '../../../contract/compute.ts'
import { refusing } from '../refusing.ts'

type Answer = Parameters<typeof refusing>[1]

const settings = fromVariables(
  toVariables({
    apiUrl: 'http://api.test',
    resourcesTable: 'resources',
    cluster: 'sluice',
    taskDefinition: 'sluice-runner:1',
    taskSubnets: 'subnet-1',
    taskSecurityGroup: 'sg-1',
    taskPublicIp: 'DISABLED',
  }),
)

async function launchAt(t: TestContext, answer: Answer): Promise<Launched> {
  const ecs = new ECSClient({
    endpoint: await refusing(t, answer),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const compute = new FargateCompute({ ecs, records: new TaskRecords(resourcesTable(settings)), settings })
  return compute.launch(launchOf('co-1'))
}

const failing = (reason: string, detail?: string): Answer => ({
  status: 200,
  body: { tasks: [], failures: [{ reason, detail }] },
})
const throwing = (code: string, message: string, status = 400): Answer => ({ status, code, message })

describe('a launch that ECS refuses', () => {
  const QUOTA = /"Fargate On-Demand vCPU resource count" \(L-3032A538\) raised/
  const PACE = /about 20 a second/
  const BROKEN = /ECS itself has failed/
  const vcpus = 'You’ve reached the limit on the number of vCPUs you can run concurrently'

  for (const [name, answer, reason] of [
    [
      'for want of room',
      failing('Capacity is unavailable at this time. Please try again later'),
      /no room for a container of this size/,
    ],
    ['for want of vCPUs', failing(vcpus), QUOTA],
    [
      'for want of vCPUs, by an exception',
      throwing('LimitExceededException', vcpus.replace('’', "'")),
      QUOTA,
    ],
    [
      'as it is too large for the quota',
      throwing('ClientException', 'The requested CPU configuration is above your limit'),
      QUOTA,
    ],
    ['as there are too many at a time', throwing('ThrottlingException', 'Rate exceeded'), PACE],
    [
      'as EC2 is asked too much by ECS',
      throwing(
        'InvalidParameterException',
        'Error retrieving subnet information: Request limit exceeded. (ErrorCode: RequestLimitExceeded)',
      ),
      PACE,
    ],
    ['to a blocked account', throwing('BlockedException', 'Your account is blocked.'), /AWS Support/],
    [
      'as the task definition is gone',
      throwing('ClientException', 'TaskDefinition is inactive'),
      /deploy the stacks again/,
    ],
    ['as it is broken', throwing('ServerException', 'Service Unavailable', 500), BROKEN],
    ['as something before it is broken', throwing('BadGateway', 'no', 502), BROKEN],
    [
      'for a reason that nobody knows yet',
      failing('RESOURCE:ENI', 'subnet-1'),
      /its own words: RESOURCE:ENI: subnet-1/,
    ],
  ] as const) {
    it(`${name} is told in words that help, with those of ECS`, async (t) => {
      const launched = await launchAt(t, answer)
      assert.equal(launched.kind, 'refused')
      const told = launched.kind === 'refused' ? launched.reason : ''
      assert.match(told, reason)
      const body = answer.body as { failures: { reason: string }[] } | undefined
      assert.ok(told.includes(answer.message ?? body?.failures[0]?.reason ?? '?'), told)
    })
  }

  for (const [code, message] of [
    ['AccessDeniedException', 'User: arn:aws:sts::1:x is not authorized to perform: ecs:RunTask'],
    ['ClusterNotFoundException', 'Cluster not found.'],
    ['InvalidParameterException', 'The security group sg-1 does not exist'],
  ] as const) {
    it(`for ${code} is a fault of the installation, and thrown`, async (t) => {
      await assert.rejects(launchAt(t, throwing(code, message)), (error: Error) => {
        assert.ok(error.message.includes(`${code}: ${message}`), error.message)
        return /container co-1, as the installation .* Deploy the stacks again/.test(error.message)
      })
    })
  }
})
