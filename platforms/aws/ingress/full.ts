import { SluiceError } from '../../../protocol/errors.ts'

/** How ELB says that a load balancer, or the account, has as many of something as it can have. */
const FULL: ReadonlySet<string> = new Set([
  'TooManyRules',
  'TooManyTargetGroups',
  'TooManyTargets',
  'TooManyRegistrationsForTargetId',
  'TooManyUniqueTargetGroupsPerLoadBalancer',
])

export function isFull(error: unknown): error is Error {
  return error instanceof Error && FULL.has(error.name.replace(/Exception$/, ''))
}

/** For the operator, by way of the author whose app found no room. */
export function full(label: string, shards: number, why: string): SluiceError {
  return new SluiceError(
    'quota_exceeded',
    `There is no room for the web address "${label}": ${why} Stop apps that have web functions, or have the operator deploy the stacks again with \`-c ingressShards=${shards + 1}\`; it is tried again by itself.`,
  )
}
