import { Stack } from 'aws-cdk-lib'
import type { Context } from '../context.ts'
import type { NetworkStack } from '../network-stack.ts'
import type { Means } from './means.ts'

/** What it takes to estimate costs. */
export function tariff(network: NetworkStack, { architecture }: Context): Means {
  const { hasPublic } = network.vpc.selectSubnets(network.containerSubnets)
  return {
    settings: {
      architecture,
      region: Stack.of(network).region,
      taskPublicIp: hasPublic ? 'ENABLED' : 'DISABLED',
    },
  }
}
