import { Stack } from 'aws-cdk-lib'
import type { ComputeStack } from '../compute-stack.ts'
import type { DataStack } from '../data-stack.ts'
import type { NetworkStack } from '../network-stack.ts'
import type { Right } from '../rights.ts'
import { type Means, together } from './means.ts'
import { records } from './store.ts'

export interface LaunchMeans {
  compute: ComputeStack
  network: NetworkStack
  data: DataStack
  /** Where containers find the API. */
  apiUrl: string
}

/** The port `Compute`, as far as containers are killed. Which task one is, the records say. */
export function stopping(data: DataStack, compute: ComputeStack): Means {
  return together(records(data, 'GetItem'), {
    settings: { cluster: compute.cluster.clusterArn },
    rights: [
      {
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: inCluster(compute),
        because: 'Tasks are listed by cluster, which is a condition and no resource.',
      },
      tasks(compute, 'ecs:StopTask'),
    ],
  })
}

/** The port `Compute`, as far as containers are started. */
export function launching({ compute, network, data, apiUrl }: LaunchMeans): Means {
  const { definition, taskRole, executionRole } = compute.task
  const run: Right = {
    actions: ['ecs:RunTask'],
    resources: [arn(compute, `task-definition/${definition.family}:*`)],
    conditions: inCluster(compute),
    because: 'Each change of the task definition is a revision of its own.',
  }
  const tag: Right = {
    ...tasks(compute, 'ecs:TagResource'),
    conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  }
  const pass: Right = {
    actions: ['iam:PassRole'],
    resources: [taskRole.roleArn, executionRole.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  }
  return together(records(data, 'PutItem'), {
    // By its family alone the newest revision is run, also by handlers that were not deployed again since.
    settings: {
      apiUrl,
      taskDefinition: definition.family,
      logRetentionDays: String(compute.logRetentionDays),
      ...placement(network),
    },
    rights: [run, tag, pass],
  })
}

function placement({ vpc, containerSubnets, containers }: NetworkStack): Means['settings'] {
  const { subnetIds, hasPublic } = vpc.selectSubnets(containerSubnets)
  return {
    taskSubnets: subnetIds.join(','),
    taskSecurityGroup: containers.securityGroupId,
    taskPublicIp: hasPublic ? 'ENABLED' : 'DISABLED',
  }
}

function tasks(compute: ComputeStack, action: string): Right {
  return {
    actions: [action],
    resources: [arn(compute, `task/${compute.cluster.clusterName}/*`)],
    because: 'Every container is a task of its own.',
  }
}

function inCluster({ cluster }: ComputeStack): NonNullable<Right['conditions']> {
  return { ArnEquals: { 'ecs:cluster': cluster.clusterArn } }
}

function arn(compute: ComputeStack, resource: string): string {
  return Stack.of(compute).formatArn({ service: 'ecs', resource })
}
