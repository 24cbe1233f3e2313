import type { DataStack } from '../data-stack.ts'
import type { Means } from './means.ts'

const ACTIONS = { get: ['s3:GetObject'], put: ['s3:PutObject'], list: [], remove: ['s3:DeleteObject'] }

/** The port `Blobs`, or what a handler uses of it. What it signs for others opens what it may do itself. */
export function blobs({ blobs }: DataStack, ...uses: (keyof typeof ACTIONS)[]): Means {
  return {
    settings: { blobsBucket: blobs.bucketName },
    rights: [
      {
        actions: uses.flatMap((use) => ACTIONS[use]),
        resources: [blobs.arnForObjects('*')],
        because: 'Contents are named by their hash.',
      },
      // Without it, S3 says of what is not there that it is forbidden.
      { actions: ['s3:ListBucket'], resources: [blobs.bucketArn] },
    ],
  }
}
