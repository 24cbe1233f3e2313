import type { DataStack } from '../data-stack.ts'
import type { Means } from './means.ts'

/** Signing takes no right, but what is signed is allowed only where the signer is. */
export function blobs({ blobs }: DataStack, ...actions: ('look' | 'get' | 'put')[]): Means {
  return {
    settings: { blobsBucket: blobs.bucketName },
    rights: [
      {
        actions: actions.includes('put') ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'],
        resources: [blobs.arnForObjects('*')],
        because: 'Contents are named by their hash.',
      },
      // Without it, S3 answers "forbidden" instead of "not found".
      { actions: ['s3:ListBucket'], resources: [blobs.bucketArn] },
    ],
  }
}
