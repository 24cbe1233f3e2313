import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../e2e/reached.ts'
import type { ApiCalls } from './api-calls.ts'

/** Requests to AWS, by what they are billed as. */
interface Requests {
  reads: number
  writes: number
  queue: number
  others: number
}

export interface Counted extends Requests {
  /** What they were. */
  calls: ApiCalls
}

/** Asked once by each process of a handler that starts, however much it then does. */
const AT_START = /^(secretsmanager:GetSecretValue|sqs:GetQueueUrl)$/
const READS = /^dynamodb:(GetItem|BatchGetItem|Query)$/
const WRITES = /^dynamodb:/
const QUEUE = /^sqs:/

/** What was asked of AWS, for each of so many times that something happened. */
export function requestsPer(calls: ApiCalls, times: number): Counted {
  const sum = (isMeant: (action: string) => boolean) =>
    Object.entries(calls)
      .filter(([action]) => !AT_START.test(action) && isMeant(action))
      .reduce((total, [, count]) => total + count, 0) / times
  return {
    reads: sum((action) => READS.test(action)),
    writes: sum((action) => WRITES.test(action) && !READS.test(action)),
    queue: sum((action) => QUEUE.test(action)),
    others: sum((action) => !WRITES.test(action) && !QUEUE.test(action)),
    calls,
  }
}

/** The figures that the operators' guide prints in the row that begins so. */
function documented(row: string): Requests {
  const guide = readFileSync(join(ROOT, 'docs', 'operating.md'), 'utf8')
  const line = guide.split('\n').find((text) => text.startsWith(`| ${row} |`))
  if (line === undefined) throw new Error(`docs/operating.md has no row "${row}"`)
  const [reads = Number.NaN, writes = Number.NaN, queue = Number.NaN, others = Number.NaN] = line
    .split('|')
    .slice(2, 6)
    .map((cell) => Number(cell.trim()))
  return { reads, writes, queue, others }
}

/** Neither more than is printed, nor so much less that the guide should say so. */
export function assertAsDocumented(row: string, { calls, ...counted }: Counted): void {
  const printed = documented(row)
  const which = JSON.stringify(calls)
  for (const [kind, count] of Object.entries(counted) as [keyof Requests, number][]) {
    const message = `${row}: ${count} ${kind}, ${printed[kind]} are documented: ${which}`
    assert.ok(count <= printed[kind] && count >= printed[kind] / 4, message)
  }
}
