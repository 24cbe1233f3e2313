import type { Bench } from './bench.ts'
import type { Row } from './rounds.ts'

/** Things that are measured side by side. */
export interface Group {
  name: string
  /** What its table is about, for people. */
  title: string
  run(bench: Bench): Promise<Row[]>
}
