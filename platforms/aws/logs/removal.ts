import {
  type CloudWatchLogsClient,
  DeleteLogStreamCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'

/** Leaves no such stream, whether it was there or not. */
export async function removeStream(
  client: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
): Promise<void> {
  try {
    await client.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }))
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
  }
}
