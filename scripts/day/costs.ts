import { pricesOf } from '../../control/prices.ts'

/** What an installation of a size asks of AWS, and pays; see "What it costs" in docs/operating.md for what is counted. */

const MONTH_S = 730 * 3_600
const SIZE = { vcpu: 0.25, gib: 0.5 }
const TARIFF = { region: 'us-east-1', architecture: 'arm64', hasAddress: true } as const
/** The load balancer, its addresses, the key, the alarms and the sweep. */
const PLATFORM = 28.43
/** For keeping in touch with one that is idle. */
const IDLE = 0.5
const REQUESTS_PER_IDLE_MINUTE = 5
const REQUESTS_PER_CALL = 2
const INVOCATIONS_PER_CALL = 3
/** Assumed of a handler on AWS: a few round trips to DynamoDB. */
const HANDLER_S = 0.05
const LAUNCHES_PER_S = 20
const SIZES = [10, 1_000, 100_000] as const
/** How long a call takes, where containers do nothing else. */
const CALL_S = [1, 10, 60] as const

export const COST_HEAD = [
  'containers',
  'tasks and addresses',
  'in touch, idle',
  ...CALL_S.map((seconds) => `calls of ${seconds} s`),
  'requests a second, idle',
  'with calls of 10 s',
  'Lambda at once',
  'all started after',
]

export function costRows(): string[][] {
  const { vcpuSecond, gibSecond, addressSecond, call } = pricesOf(TARIFF)
  const task = MONTH_S * (SIZE.vcpu * vcpuSecond + SIZE.gib * gibSecond + addressSecond)
  return SIZES.map((containers) => {
    const idleRate = (containers * REQUESTS_PER_IDLE_MINUTE) / 60
    const callRate = containers / 10
    return [
      whole(containers),
      dollars(PLATFORM + containers * task),
      dollars(containers * IDLE),
      ...CALL_S.map((seconds) => dollars((containers * MONTH_S * call) / seconds)),
      rate(idleRate),
      rate(idleRate + callRate * REQUESTS_PER_CALL),
      whole(Math.ceil((idleRate + callRate * INVOCATIONS_PER_CALL) * HANDLER_S)),
      lasting(containers / LAUNCHES_PER_S),
    ]
  })
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const dollars = (value: number): string => `$${whole(value)}`
const rate = (value: number): string => (value < 10 ? value.toFixed(1) : whole(value))
const lasting = (seconds: number): string =>
  seconds < 120 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`
