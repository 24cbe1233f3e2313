import type { DataStack } from '../data-stack.ts'
import type { Means } from './means.ts'

export function keys({ key }: DataStack): Means {
  return {
    settings: { keySecret: key.secretArn },
    rights: [{ actions: ['secretsmanager:GetSecretValue'], resources: [key.secretArn] }],
  }
}
