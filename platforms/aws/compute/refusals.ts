import { ECSServiceException } from '@aws-sdk/client-ecs'

const BROKEN =
  'ECS itself has failed. It is tried again by itself; see whether the AWS Health Dashboard knows more'

/**
 * Why ECS will not start a task now, by the signs of it in its errors and in the failures of RunTask. What is not among
 * them is a fault of the installation. Sources: Amazon ECS Developer Guide, "Amazon ECS service event messages" and
 * "AWS Fargate throttling quotas"; API reference, "RunTask".
 */
const REFUSALS: readonly [signs: RegExp, meaning: string][] = [
  [
    /Throttling|TooManyRequests|RequestLimitExceeded|Rate exceeded/i,
    'more containers are being started than ECS starts at a time, which are about 20 a second in an account and region. It is tried again by itself',
  ],
  [
    /LimitExceeded|limit on the number of (vCPUs|tasks)|is above your limit/i,
    'the account runs as much on Fargate as it may in this region. Have the quota "Fargate On-Demand vCPU resource count" (L-3032A538) raised in the AWS console under Service Quotas, AWS Fargate, or stop containers that are not needed',
  ],
  [
    /Capacity is unavailable/i,
    'Fargate has no room for a container of this size in the availability zones of the installation. It is tried again by itself; another cpu or memory may have room, and so may subnets in further zones',
  ],
  [
    /BlockedException|account .*blocked/i,
    'AWS has blocked the account. Its owner must ask AWS Support for the reason',
  ],
  [
    /TaskDefinition is inactive/i,
    'the task definition has been taken out of service: the installation is being updated at this moment, or was changed by hand. If it stays so, deploy the stacks again',
  ],
  [/Internal error/i, BROKEN],
]

export interface Failure {
  reason?: string | undefined
  detail?: string | undefined
}

/** A sentence of why RunTask answered with a failure instead of a task. */
export function failureReason({ reason = 'no reason', detail }: Failure): string {
  const words = detail === undefined ? reason : `${reason}: ${detail}`
  return meaningOf(words) ?? `ECS did not start it, and says why only in its own words: ${words}`
}

/** A sentence of why RunTask threw; undefined if the installation is at fault, or ECS could not be asked. */
export function errorReason(error: unknown): string | undefined {
  if (!(error instanceof ECSServiceException)) return undefined
  const words = `${error.name}: ${error.message}`
  const isTheirs = (error.$metadata.httpStatusCode ?? 0) >= 500
  return meaningOf(words) ?? (isTheirs ? say(BROKEN, words) : undefined)
}

function meaningOf(words: string): string | undefined {
  const meaning = REFUSALS.find(([signs]) => signs.test(words))?.[1]
  return meaning && say(meaning, words)
}

const say = (meaning: string, words: string): string => `${meaning}. (ECS: ${words})`
