import type { Tariff } from '../../control/prices.ts'
import type { Settings } from './settings.ts'

/** Where and on what containers run. */
export function makeTariff({ region, architecture, taskPublicIp }: Settings): Tariff {
  return {
    region,
    architecture: architecture === 'x86_64' ? 'x86_64' : 'arm64',
    hasAddress: taskPublicIp === 'ENABLED',
  }
}
