import { Choice } from '../../parts/usage/choice.tsx'
import { RangeChoice } from '../../parts/usage/range-choice.tsx'
import type { Range, Step } from '../../parts/usage/ranges.ts'
import type { Measure } from './measures.ts'

const STEPS: Record<Step, string> = { '5m': '5 min', '1h': 'Hour', '1d': 'Day' }
const BY = [
  ['function', 'By function'],
  ['version', 'By version'],
] as const
const OF = [
  ['cost', 'Cost'],
  ['time', 'Container time'],
] as const

interface ChoicesProps {
  range: Range
  /** Those that make sense for the range. */
  steps: readonly Step[]
  step: Step
  by: 'function' | 'version'
  measure: Measure
}

/** What the page is about, all of it in its address. */
export function Choices({ range, steps, step, by, measure }: ChoicesProps) {
  return (
    <div class="choices">
      <RangeChoice chosen={range} />
      {steps.length > 1 && (
        <Choice
          label="In parts of"
          name="step"
          chosen={step}
          values={steps.map((one) => [one, STEPS[one]])}
        />
      )}
      <Choice label="By" name="by" chosen={by} values={BY} />
      <Choice label="Of" name="of" chosen={measure} values={OF} />
    </div>
  )
}
