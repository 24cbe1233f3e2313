import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { SluiceError } from '../../../../protocol/errors.ts'
import { CLIENT_SETTINGS } from '../../client-settings.ts'
import { backOff } from './backoff.ts'

/**
 * Not `adaptive`: a busy key of one table would slow down what is asked of all tables, to one request in two seconds, and
 * whoever waits would never hear why ("Retry behavior", AWS SDKs and Tools Reference Guide).
 */
export const DATABASE_CLIENT_SETTINGS = { ...CLIENT_SETTINGS, retryMode: 'standard' } as const

/** With the longest pauses about six seconds: within what API Gateway waits for an answer. */
const CONFLICTS_OUTLASTED = 30

/** The SDK has tried these again, slower each time, before anybody hears of them. */
const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
])
/** Why a transaction is cancelled though nothing is wrong with it ("TransactWriteItems", DynamoDB API Reference). */
const PASSING = new Set(['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])

/**
 * Records in, records out. What meets a transaction on its item is tried again, which the SDK leaves to its users.
 * Requests throw a SluiceError `unavailable` where DynamoDB goes on refusing them for want of room.
 */
export function connect(client = new DynamoDBClient(DATABASE_CLIENT_SETTINGS)): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await next(args)
        } catch (error) {
          if (!(error instanceof Error)) throw error
          if (isConflict(error) && attempt < CONFLICTS_OUTLASTED) await backOff(attempt)
          else throw isConflict(error) || THROTTLED.has(error.name) ? unavailable(error.name, error) : error
        }
      }
    },
    { step: 'initialize', name: 'outlastConflicts', override: true },
  )
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

function isConflict(error: Error & { CancellationReasons?: { Code?: string }[] }): boolean {
  if (error.name === 'TransactionConflictException') return true
  const reasons = error.CancellationReasons ?? []
  return reasons.length > 0 && reasons.every(({ Code = 'None' }) => PASSING.has(Code))
}

export function unavailable(why: string, cause?: Error): SluiceError {
  const detail = `The database takes no more at the moment (${why}). Try again in a few seconds.`
  return Object.assign(new SluiceError('unavailable', detail), { cause })
}
