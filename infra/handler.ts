import { basename } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  type EventInvokeConfigOptions,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { type Setting, toVariables } from '../platforms/aws/settings.ts'
import { alarm } from './alarm.ts'
import { handlerCode } from './bundle.ts'
import type { Context } from './context.ts'
import { type Means, together } from './means/means.ts'
import { acceptBroad, allow } from './rights.ts'

/** A third of a processor. Less costs as much, since everything takes longer then, except where it is waited mostly. */
const MEMORY_MB = 512
const ALARM_PERIOD = Duration.minutes(5)

export interface HandlerProps {
  context: Context
  /** Its file in lambdas/, such as `api/calls`. */
  entry: string
  description: string
  timeout: Duration
  memoryMb?: number
  reservedConcurrency?: number | undefined
  network?: { vpc: IVpc; vpcSubnets: SubnetSelection; securityGroups: ISecurityGroup[] }
  /** Those of each port that it uses. */
  means?: Means[]
  /** What becomes of an event that it fails at, where nobody waits for the answer. */
  onEvents?: EventInvokeConfigOptions
  /** Its messages come back to it for good reasons (AWS Lambda, "Use Lambda recursive loop detection to prevent infinite loops"). */
  isLoop?: boolean
  /** What it means that it fails, for an alarm. */
  failing?: string
}

/** A Lambda function with a role and a log of its own, that is told, and let do, what its ports need and nothing else. */
export class Handler extends Construct {
  readonly function: LambdaFunction
  readonly role: Role

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id)
    const { context, entry, reservedConcurrency, network, failing } = props
    const { settings = {}, rights = [] } = together(...(props.means ?? []))
    const logGroup = new LogGroup(this, 'Log', {
      retention: context.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    this.function = new LambdaFunction(this, 'Function', {
      code: handlerCode(entry),
      handler: `${basename(entry)}.handler`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: `Sluice: ${props.description}`,
      timeout: props.timeout,
      memorySize: props.memoryMb ?? MEMORY_MB,
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: 'sluice',
        ...toVariables(settings),
      },
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      ...(network && { ...network, allowPublicSubnet: true }),
      ...(props.isLoop && { recursiveLoop: RecursiveLoop.ALLOW }),
      ...props.onEvents,
    })

    allow(this.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    })
    for (const right of rights) allow(this.role, right)
    acceptBroad(this.role, ['*'], 'AWS X-Ray has no resources that traces could be confined to.')

    if (failing === undefined) return
    alarm(this, 'Errors', {
      context,
      metric: this.function.metricErrors({ period: ALARM_PERIOD }),
      says: `${failing} Look at the log of ${entry}.`,
    })
  }

  /** For what is made after it, since it needs the API, and the API its handlers. */
  tell(settings: Partial<Record<Setting, string>>): void {
    for (const [name, value] of Object.entries(toVariables(settings)))
      this.function.addEnvironment(name, value)
  }
}
