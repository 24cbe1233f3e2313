import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'

const ABANDONED_UPLOAD = Duration.days(1)

/** State, apart from the code that uses it: destroying or replacing the control plane leaves this stack as it is. */
export class DataStack extends Stack {
  /** The port `Blobs`: bundles, mounted files and large payloads, each under its SHA-256. */
  readonly blobs: Bucket

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)
    this.blobs = new Bucket(this, 'Blobs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: ABANDONED_UPLOAD }],
    })
    new CfnOutput(this, 'BlobsBucket', { value: this.blobs.bucketName })
  }
}
