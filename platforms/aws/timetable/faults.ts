import {
  ConflictException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ValidationException,
} from '@aws-sdk/client-scheduler'
import { SluiceError } from '../../../protocol/errors.ts'

interface Concerned {
  GroupName?: string | undefined
  Name?: string | undefined
  Description?: string | undefined
}

/** What EventBridge Scheduler refused, for a person; anything else as it came. */
export function explain(error: unknown, { GroupName, Name, Description }: Concerned): unknown {
  const which = Description === undefined ? `The schedule ${Name}` : `The schedule of ${Description}`
  if (error instanceof ServiceQuotaExceededException) {
    return new SluiceError(
      'quota_exceeded',
      `${which} could not be made: the account has as many schedules as EventBridge Scheduler's quotas allow in this region. Stop apps that have schedules, or have the quota raised in the AWS console under Service Quotas, EventBridge Scheduler; it is tried again by itself. (${error.message})`,
    )
  }
  if (error instanceof ConflictException) {
    return new SluiceError(
      'version_conflict',
      `${which} is being changed by somebody else at this moment; it is tried again by itself. (${error.message})`,
    )
  }
  if (error instanceof ValidationException) {
    return new SluiceError(
      'invalid_manifest',
      `${which} is none that EventBridge Scheduler takes: ${error.message.replace(/\.$/, '')}. Change its expression or its time zone, and deploy again.`,
    )
  }
  if (error instanceof ResourceNotFoundException) {
    return new Error(
      `${which} could not be made: there is no schedule group ${GroupName}. Deploy the stacks again.`,
      { cause: error },
    )
  }
  return error
}
