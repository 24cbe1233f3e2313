import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Context } from './context.ts'
import { makeBlobs } from './data/blobs.ts'
import { HandledQueue } from './data/handled-queue.ts'
import { makeKey } from './data/key.ts'
import { makeTables, type Tables } from './data/tables.ts'

export interface DataStackProps extends StackProps {
  context: Context
}

/** State, apart from the code that uses it: destroying or replacing the control plane leaves this stack as it is. */
export class DataStack extends Stack {
  readonly tables: Tables
  /** The port `Blobs`: bundles, mounted files and large payloads, each under its SHA-256. */
  readonly blobs: Bucket
  /** What tokens of containers and fingerprints of calls are made with. */
  readonly key: Secret
  /** The port `Worklist`: apps to reconcile. Here, since both the ingress and the control plane add to it. */
  readonly work: HandledQueue
  /** The port `Outbox`: notices that are to be seen to, each at its time. */
  readonly notices: HandledQueue

  constructor(scope: Construct, id: string, { context, ...props }: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: context.deletionProtection })
    const removalPolicy = context.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
    this.tables = makeTables(this, { context, removalPolicy })
    this.blobs = makeBlobs(this, { removalPolicy })
    this.key = makeKey(this, { removalPolicy })
    this.work = new HandledQueue(this, 'Work', { context, what: 'The reconciling of an app' })
    this.notices = new HandledQueue(this, 'Notices', { context, what: 'A notice' })
    new CfnOutput(this, 'BlobsBucket', { value: this.blobs.bucketName })
  }
}
