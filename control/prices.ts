/** What an installation pays by: where its containers run, on what, and whether each has a public address of its own. */
export interface Tariff {
  region: string
  architecture: 'arm64' | 'x86_64'
  hasAddress: boolean
}

/** In US dollars. */
export interface Prices {
  /** Whose prices these are: the tariff's region, or the one that stands for those that are not in the table. */
  region: string
  vcpuSecond: number
  gibSecond: number
  /** Of a public address. */
  addressSecond: number
  call: number
  request: number
}

/** When the table below was compared with its sources, year and month. */
export const PRICES_AS_OF = '2026-03'
const REFERENCE = 'us-east-1'
const HOUR_SECONDS = 3600
const MILLION = 1_000_000

/**
 * Of an hour of a vCPU and of a GB of memory, Linux on x86, on demand (https://aws.amazon.com/fargate/pricing/). 20 GB of
 * ephemeral storage, all that containers get, are in it.
 */
const FARGATE_HOUR: Record<string, { vcpu: number; gib: number }> = {
  [REFERENCE]: { vcpu: 0.04048, gib: 0.004445 },
  'us-east-2': { vcpu: 0.04048, gib: 0.004445 },
  'us-west-2': { vcpu: 0.04048, gib: 0.004445 },
  'eu-west-1': { vcpu: 0.04048, gib: 0.004445 },
  'eu-central-1': { vcpu: 0.04656, gib: 0.00511 },
}
const ARM64_SHARE = 0.8
/** https://aws.amazon.com/vpc/pricing/, the same everywhere. */
const ADDRESS_HOUR = 0.005
/** What the control plane asks of AWS for a call, see "What it costs" in docs/operating.md. */
const MILLION_CALLS = 15
/** 90,000 new connections are a load balancer's capacity unit of an hour ($0.008), where each request makes one. */
const MILLION_REQUESTS = 0.09
/** Fargate bills a task for no less. */
export const LEAST_BILLED_MS = 60_000

export function pricesOf({ region, architecture, hasAddress }: Tariff): Prices {
  const known = FARGATE_HOUR[region] === undefined ? REFERENCE : region
  const { vcpu, gib } = FARGATE_HOUR[known] ?? { vcpu: 0, gib: 0 }
  const perSecond = (architecture === 'arm64' ? ARM64_SHARE : 1) / HOUR_SECONDS
  return {
    region: known,
    vcpuSecond: vcpu * perSecond,
    gibSecond: gib * perSecond,
    addressSecond: hasAddress ? ADDRESS_HOUR / HOUR_SECONDS : 0,
    call: MILLION_CALLS / MILLION,
    request: MILLION_REQUESTS / MILLION,
  }
}

/** Dollars for a millisecond of a container of this size (vCPU, MiB). */
export function priceOfMs(
  prices: Prices,
  { cpu = 0, memory = 0 }: { cpu?: number; memory?: number },
): number {
  const { vcpuSecond, gibSecond, addressSecond } = prices
  return (cpu * vcpuSecond + (memory / 1024) * gibSecond + addressSecond) / 1000
}
