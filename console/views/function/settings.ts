import type { AppView } from '../../../protocol/app-view.ts'
import type { FunctionSpec } from '../../../protocol/manifest.ts'

export type FunctionOfApp = AppView['functions'][number]

type Retries = FunctionSpec['retries']

export function retriesText({ max, initialDelay, backoff, maxDelay }: Retries): string {
  if (max === 0) return 'none'
  const first = `up to ${max}, the first after ${initialDelay} s`
  return max === 1 || backoff === 1 ? first : `${first}, then ${backoff} times as long, at most ${maxDelay} s`
}

/** How a function is scaled, in the order in which people think of it. */
export const SCALING = [
  { field: 'minContainers', label: 'At least', unit: 'container' },
  { field: 'maxContainers', label: 'At most', unit: 'container' },
  { field: 'bufferContainers', label: 'Buffer', unit: 'container' },
  { field: 'scaledownWindow', label: 'Idle before it goes', unit: 'second' },
] as const

export type ScalingField = (typeof SCALING)[number]['field']
