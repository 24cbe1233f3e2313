import assert from 'node:assert/strict'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { UsageReport } from '../../protocol/usage-report.ts'
import { Usage } from '../../runner/usage.ts'
import type { SimulatedClock } from './clock.ts'

/** What a container reports of its calls, with what it said and what was heard of it, by the number of the report. */
export class SimulatedUsage extends Usage {
  readonly told = new Map<number, number>()
  readonly heard = new Map<number, number>()

  constructor(everyMs: number, clock: SimulatedClock) {
    super(everyMs, () => clock.now)
  }

  override report(): UsageReport | undefined {
    const report = super.report()
    if (report) this.told.set(report.sequence, report.calls)
    return report
  }

  override accepted(report: UsageReport): void {
    this.heard.set(report.sequence, report.calls)
    super.accepted(report)
  }
}

/** What was heard has been added, and nothing twice; and of every container that ran it is known for how long. */
export function checkUsage(store: SqliteStore, usages: SimulatedUsage[]): void {
  const total = (of: 'told' | 'heard') =>
    usages.flatMap((usage) => [...usage[of].values()]).reduce((sum, calls) => sum + calls, 0)
  for (const step of ['slot', 'hour']) {
    const sum = `select coalesce(sum(counts ->> 'calls'), 0) as n from usage where step = '${step}'`
    const added = Number(store.database.get(sum)?.n)
    assert.ok(added >= total('heard'), `reports that were answered have been lost: ${added} calls by ${step}`)
    assert.ok(added <= total('told'), `reports have been added twice: ${added} calls by ${step}`)
  }
  const unknown = store.database.all(
    `select id from containers where state = 'stopped' and launched = 1 and failure ->> 'kind' is not 'refused'
       and id not in (select id from lives)`,
  )
  assert.deepEqual(unknown, [], 'of containers that ran it is not known for how long')
}
