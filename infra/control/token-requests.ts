import { Duration, Stack } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler } from '../handler.ts'
import { keys } from '../means/keys.ts'
import { store } from '../means/store.ts'

const TIMEOUT = Duration.seconds(10)

export interface TokenRequestsProps {
  context: Context
  data: DataStack
}

/** Gives out tokens to whoever may invoke it, which IAM decides: how a new installation is entered. */
export class TokenRequests extends Construct {
  /** What to type to get one. */
  readonly command: string

  constructor(scope: Construct, id: string, { context, data }: TokenRequestsProps) {
    super(scope, id)
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/token-requested',
      description: 'gives out a token',
      timeout: TIMEOUT,
      means: [keys(data), store(data, { tokens: ['put'], history: ['put'] })],
    })
    const { functionName } = handler.function
    const { region } = Stack.of(this)
    this.command = `aws lambda invoke --region ${region} --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload '{"name":"me"}' /dev/stdout`
  }
}
