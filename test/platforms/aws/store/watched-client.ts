import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DATABASE_CLIENT_SETTINGS } from '../../../../platforms/aws/store/dynamodb/connection.ts'

export interface Request {
  /** Such as `PutItem`. */
  name: string
  input: Record<string, unknown>
}

export interface Cost {
  requests: string[]
  writeUnits: number
  readUnits: number
}

/** What a test does with a request instead of sending it, or before, or after. */
export type Fault = (request: Request, send: () => Promise<unknown>) => Promise<unknown>

const send: Fault = (_, next) => next()

/** A client of the store that tells what is asked of DynamoDB, what that costs, and that may be made to fail. */
export class WatchedClient {
  readonly client = new DynamoDBClient(DATABASE_CLIENT_SETTINGS)
  readonly names = new Set<string>()
  /** Meets each request once, before the SDK has a chance to try again. */
  onRequest: Fault = send
  /** Meets each attempt: what it throws the SDK may try again. */
  onAttempt: Fault = send
  #cost: Cost = { requests: [], writeUnits: 0, readUnits: 0 }

  constructor() {
    const { middlewareStack } = this.client
    middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const name = commandName.replace(/Command$/, '')
          const input = { ...args.input, ReturnConsumedCapacity: 'INDEXES' } as typeof args.input
          this.names.add(name)
          this.#cost.requests.push(name)
          const result = await this.onRequest({ name, input: input as Request['input'] }, () =>
            next({ ...args, input }),
          )
          this.#count(name, (result as { output: Consumed }).output)
          return result as Awaited<ReturnType<typeof next>>
        },
      { step: 'initialize', name: 'watchRequests', priority: 'low' },
    )
    middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const request = { name: commandName.replace(/Command$/, ''), input: args.input as Request['input'] }
          return (await this.onAttempt(request, () => next(args))) as Awaited<ReturnType<typeof next>>
        },
      { step: 'finalizeRequest', name: 'watchAttempts', priority: 'low' },
    )
  }

  /** What `work` asks of DynamoDB. */
  async costOf(work: () => Promise<unknown>): Promise<Cost> {
    this.#cost = { requests: [], writeUnits: 0, readUnits: 0 }
    await work()
    return this.#cost
  }

  #count(name: string, { ConsumedCapacity: consumed = [] }: Consumed): void {
    for (const { CapacityUnits = 0 } of [consumed].flat()) {
      if (/Get|Query/.test(name)) this.#cost.readUnits += CapacityUnits
      else this.#cost.writeUnits += CapacityUnits
    }
  }
}

interface Consumed {
  ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[]
}
