import type { UsageRow } from '../../../../control/model.ts'
import { HOUR_MS, USAGE_KEPT_MS } from '../../../../control/usage-policy.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { noUsage, type UsageCounts } from '../../../../protocol/usage.ts'
import type { UsageReport } from '../../../../protocol/usage-report.ts'
import type { Keys } from '../dynamodb/query.ts'
import { numberPlace, partitionOf, timePlace } from '../items/places.ts'

/**
 * A row is an item whose numbers are added to. DynamoDB adds to attributes of an item itself and not to what they hold,
 * so each bucket of a histogram is an attribute: `d12` of durations, `w12` of waits.
 */
const SUMS = ['calls', 'errors', 'timeouts', 'requests', 'serverErrors', 'busyMs'] as const
const BUCKET = /^([dw])(\d+)$/

export type By = keyof typeof USAGE_KEPT_MS

interface Member extends AppKey {
  function: string
  version: number
}

/** The rows that a report is added to. */
export function additions(TableName: string, member: Member, report: UsageReport) {
  const hour = report.at - (report.at % HOUR_MS)
  return [
    addition(TableName, placeOf(member, 'slot', report.at), expiryOf('slot', report.at), report),
    addition(TableName, placeOf(member, 'hour', hour), expiryOf('hour', hour), report),
  ]
}

export const rangeOf = (by: By, since: number, until: number): [string, string] => [
  `${by}#${timePlace(since)}`,
  // The end is not meant, and no place ends where its time does.
  `${by}#${timePlace(until)}`,
]

export function toUsageRow(item: Keys): UsageRow {
  const [, at, name = '', version] = String(item.item).split('#')
  const counts = noUsage()
  for (const sum of SUMS) counts[sum] = Number(item[sum] ?? 0)
  for (const [attribute, value] of Object.entries(item)) {
    const [, of, bucket] = BUCKET.exec(attribute) ?? []
    if (bucket !== undefined) counts[of === 'd' ? 'durations' : 'waits'][bucket] = Number(value)
  }
  return { at: Number(at), function: name, version: Number(version), ...counts }
}

function placeOf(member: Member, by: By, at: number) {
  const { function: name, version } = member
  return {
    key: partitionOf(member),
    item: `${by}#${timePlace(at)}#${name}#${numberPlace(version)}`,
  }
}

export const expiryOf = (by: By, at: number): number => Math.floor((at + USAGE_KEPT_MS[by]) / 1000)

/** An expression may have 4 KB ("DynamoDB expression limits"), so values that are the same share a name, and a short one. */
function addition(TableName: string, Key: Record<string, string>, expiresAt: number, counts: UsageCounts) {
  const added = attributesOf(counts).filter(([, value]) => value > 0)
  const names = new Map([...new Set(added.map(([, value]) => value))].map((value, i) => [value, nameOf(i)]))
  const sums = added.map(([attribute, value]) => `${attribute} ${names.get(value)}`)
  return {
    Update: {
      TableName,
      Key,
      UpdateExpression: `SET expiresAt = :e${sums.length > 0 ? ` ADD ${sums.join()}` : ''}`,
      ExpressionAttributeValues: {
        ':e': expiresAt,
        ...Object.fromEntries([...names].map(([value, name]) => [name, value])),
      },
    },
  }
}

const nameOf = (index: number): string => `:v${index.toString(36)}`

function attributesOf(counts: UsageCounts): [string, number][] {
  const buckets = (prefix: string, histogram: Record<string, number>): [string, number][] =>
    Object.entries(histogram).map(([bucket, times]) => [`${prefix}${bucket}`, times])
  return [
    ...SUMS.map((name): [string, number] => [name, counts[name]]),
    ...buckets('d', counts.durations),
    ...buckets('w', counts.waits),
  ]
}
