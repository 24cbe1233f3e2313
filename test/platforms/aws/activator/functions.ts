import { basename } from 'node:path'
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda'
import { compileHandlers } from '../../../../infra/bundle.ts'
import { zipOf } from '../../../fixtures/zip.ts'
import { randomPrefix } from '../account.ts'

export interface MadeFunction {
  name: string
  arn: string
  delete(): Promise<void>
}

/** A Lambda function of an entry of lambdas/events, with the code that the stacks would give it. */
export async function makeFunction(entry: string, variables: Record<string, string>): Promise<MadeFunction> {
  const client = new LambdaClient()
  const FunctionName = randomPrefix() + entry
  const { FunctionArn = '' } = await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/test',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('index.js', codeOf(entry)) },
      Environment: { Variables: variables },
      Timeout: 240,
      MemorySize: 256,
    }),
  )
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName })
  await client.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'balancers',
      Action: 'lambda:InvokeFunction',
      Principal: 'elasticloadbalancing.amazonaws.com',
    }),
  )
  const remove = async () => {
    await client.send(new DeleteFunctionCommand({ FunctionName }))
  }
  return { name: FunctionName, arn: FunctionArn, delete: remove }
}

let compiled: ReturnType<typeof compileHandlers> | undefined

function codeOf(entry: string): Buffer {
  compiled ??= compileHandlers()
  const file = compiled.outputFiles.find(({ path }) => basename(path) === `${entry}.js`)
  if (!file) throw new Error(`There is no entry lambdas/events/${entry}.ts`)
  return Buffer.from(file.contents)
}
