import type { Endured } from './endure.ts'

/** For people. */
export function reportOf({ seconds, seed, ledger, courses, disk, faults }: Endured): string {
  const calls = [...ledger.counts].reduce((sum, [what, n]) => sum + (what.startsWith('calls of') ? n : 0), 0)
  return [
    `${seconds} s, seed ${seed}`,
    '',
    ...[...ledger.counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, n]) => `${n.toLocaleString('en-GB').padStart(9)}  ${what}`),
    '',
    'Milliseconds           p50      p99      most',
    ...ledger
      .times()
      .map(({ what, p50, p99, most }) =>
        [what.padEnd(30), ...[p50, p99, most].map((ms) => ms.toFixed(0).padStart(8))].join(' '),
      ),
    '',
    'Of the control plane, from the second third of its time to the last',
    ...courses.map(
      ({ what, unit, middle, last, perMinute }) =>
        `${what.padEnd(12)} ${middle.toFixed(1)} → ${last.toFixed(1)}${unit} (${perMinute.toFixed(2)} a minute)`,
    ),
    `disk         ${disk.before} → ${disk.after} kB (${(((disk.after - disk.before) / Math.max(1, calls)) * 1_000).toFixed(0)} kB for 1,000 calls by people)`,
    '',
    faults.length === 0
      ? '0 lost, 0 wrong, 0 refused; nothing grew, and nothing was left.'
      : `${faults.length} faults:\n${faults.join('\n')}`,
  ].join('\n')
}
