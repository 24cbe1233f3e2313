import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'

const ABANDONED_UPLOAD = Duration.days(1)

export function makeBlobs(scope: Construct, { removalPolicy }: { removalPolicy: RemovalPolicy }): Bucket {
  const blobs = new Bucket(scope, 'Blobs', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: ABANDONED_UPLOAD }],
  })
  Validations.of(blobs).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Contents are written and read by signed addresses that the API gives out, and the API logs who asked for them. Their name is their hash, so they are never changed.',
  })
  return blobs
}
