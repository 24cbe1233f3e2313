import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import { Cluster } from 'aws-cdk-lib/aws-ecs'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { RunnerTask } from './compute/runner-task.ts'
import type { Context } from './context.ts'
import type { NetworkStack } from './network-stack.ts'

export interface ComputeStackProps extends StackProps {
  context: Context
  network: NetworkStack
}

/** What containers are made of. They themselves come and go without CloudFormation. */
export class ComputeStack extends Stack {
  readonly cluster: Cluster
  /** What containers write. */
  readonly log: LogGroup
  readonly logRetentionDays: number
  readonly task: RunnerTask

  constructor(scope: Construct, id: string, { context, network, ...props }: ComputeStackProps) {
    super(scope, id, props)
    this.cluster = new Cluster(this, 'Cluster', { clusterName: 'sluice', vpc: network.vpc })
    Validations.of(this.cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'Container Insights charges by metric for each task definition and cluster; whoever wants them turns them on for the account.',
    })
    this.logRetentionDays = context.logRetentionDays
    this.log = new LogGroup(this, 'Log', {
      retention: context.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.task = new RunnerTask(this, 'Runner', { context, log: this.log })
  }
}
