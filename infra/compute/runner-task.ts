import { Duration, Size } from 'aws-cdk-lib'
import {
  AwsLogDriverMode,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { CONTAINER_PORT } from '../../platforms/aws/settings.ts'
import type { Context } from '../context.ts'
import { acceptBroad } from '../rights.ts'
import { runnerImage } from './runner-image.ts'

/** Whoever runs a task says how large it is; this is the smallest that there is. */
const CPU_UNITS = 256
const MEMORY_MB = 512
/** The longest that Fargate waits between SIGTERM and SIGKILL. */
const STOP_TIMEOUT = Duration.seconds(120)
/** All that is ever written, by the runner or the author's code: gone with the task. */
const SCRATCH = { sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false }
/** AWS Containers blog, "Preventing log loss with non-blocking mode in the AWSLogs container log driver". */
const LOG_BUFFER = Size.mebibytes(25)

export interface RunnerTaskProps {
  context: Context
  log: ILogGroup
}

/** The one task definition: what a container is to run, it asks the API for. */
export class RunnerTask extends Construct {
  readonly definition: FargateTaskDefinition
  /** The author's code holds no permission. */
  readonly taskRole: Role
  /** What ECS itself does for a task: fetch the image, write the log. */
  readonly executionRole: Role

  constructor(scope: Construct, id: string, { context, log }: RunnerTaskProps) {
    super(scope, id)
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com')
    this.taskRole = new Role(this, 'TaskRole', { assumedBy })
    this.executionRole = new Role(this, 'ExecutionRole', { assumedBy })
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      family: 'sluice-runner',
      cpu: CPU_UNITS,
      memoryLimitMiB: MEMORY_MB,
      runtimePlatform: {
        cpuArchitecture: context.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole: this.taskRole,
      executionRole: this.executionRole,
    })
    const container = this.definition.addContainer('runner', {
      image: runnerImage(this, context),
      portMappings: [{ containerPort: CONTAINER_PORT }],
      stopTimeout: STOP_TIMEOUT,
      readonlyRootFilesystem: true,
      // Programs that the author's code leaves behind must not become the runner's to bury.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      logging: LogDrivers.awsLogs({
        streamPrefix: 'run',
        logGroup: log,
        // Calls go on while CloudWatch is slow.
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: LOG_BUFFER,
      }),
    })
    this.definition.addVolume({ name: SCRATCH.sourceVolume })
    container.addMountPoints(SCRATCH)
    acceptBroad(this.executionRole, ['*'], 'ecr:GetAuthorizationToken has no resources.')
  }
}
