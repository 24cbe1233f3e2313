import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { DataStack } from '../data-stack.ts'
import type { Means } from './means.ts'

/** Begins the names of what keeps the values of people's secrets. No other secret of the installation begins like it. */
const PREFIX = 'sluice/'

const ACTIONS = {
  read: ['secretsmanager:GetSecretValue'],
  write: ['secretsmanager:CreateSecret', 'secretsmanager:DeleteSecret'],
  remove: ['secretsmanager:DeleteSecret'],
}

/** The port `Secrets`, or what a handler uses of it. */
export function secrets(data: DataStack, ...uses: (keyof typeof ACTIONS)[]): Means {
  return {
    settings: { secretsPrefix: PREFIX },
    rights: [
      {
        actions: uses.flatMap((use) => ACTIONS[use]),
        resources: [
          Stack.of(data).formatArn({
            service: 'secretsmanager',
            resource: 'secret',
            resourceName: `${PREFIX}*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
        because: 'There is one for each version of a secret, made when somebody writes it.',
      },
    ],
  }
}
