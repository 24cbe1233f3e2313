import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3'
import type { Asset } from 'aws-cdk-lib/aws-s3-assets'
import { BucketDeployment, type BucketDeploymentProps, CacheControl } from 'aws-cdk-lib/aws-s3-deployment'
import { Construct } from 'constructs'
import { ASSETS_KEPT, PAGE_KEPT } from '../../../protocol/console-headers.ts'
import type { Context } from '../../context.ts'
import { allow } from '../../rights.ts'
import { builtConsole } from './build.ts'

const PAGE = 'index.html'
/** The function copies with the AWS CLI, which takes its time to start with less. */
const COPY_MEMORY_MB = 512

export interface ConsoleFilesProps {
  context: Context
}

/** The console's files: made anew by every release, and nothing of anybody's is among them. */
export class ConsoleFiles extends Construct {
  readonly bucket: IBucket

  constructor(scope: Construct, id: string, { context }: ConsoleFilesProps) {
    super(scope, id)
    this.bucket = this.#makeBucket()
    const built = builtConsole(this)
    const logGroup = new LogGroup(this, 'Log', {
      retention: context.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const copy: BucketDeploymentProps = {
      destinationBucket: this.bucket,
      sources: [{ bind: () => ({ bucket: built.bucket, zipObjectKey: built.s3ObjectKey }) }],
      role: this.#makeRole(built, logGroup),
      logGroup,
      memoryLimit: COPY_MEMORY_MB,
      // A page that is open since before the release still asks for its own files: they are few, and small.
      prune: false,
    }
    const assets = new BucketDeployment(this, 'Assets', {
      ...copy,
      exclude: [PAGE],
      cacheControl: [CacheControl.fromString(ASSETS_KEPT)],
    })
    const page = new BucketDeployment(this, 'Page', {
      ...copy,
      exclude: ['*'],
      include: [PAGE],
      cacheControl: [CacheControl.fromString(PAGE_KEPT)],
    })
    // Nobody gets a page whose files are not there yet.
    page.node.addDependency(assets)
    this.#acceptRuntime()
  }

  #makeBucket(): IBucket {
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    })
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Everybody may read what is in it: the same files for all, without any data.',
    })
    // An optional property of the class is not optional enough for the interface.
    return bucket as IBucket
  }

  /** Of the CDK's function, which would give itself all of both buckets. */
  #makeRole({ bucket, s3ObjectKey }: Asset, { logGroupArn }: LogGroup): IRole {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    allow(role, { actions: ['s3:GetObject'], resources: [bucket.arnForObjects(s3ObjectKey)] })
    allow(role, { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] })
    allow(role, {
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects('*')],
      because: 'What the files are called is known once they are built.',
    })
    allow(role, { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] })
    return role.withoutPolicyUpdates()
  }

  #acceptRuntime(): void {
    const { children } = Stack.of(this).node
    for (const copier of children.filter(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'))) {
      Validations.of(copier).acknowledge({
        id: 'AwsSolutions-L1',
        reason: 'It is the CDK’s own function, and its runtime comes with the CDK.',
      })
    }
  }
}
