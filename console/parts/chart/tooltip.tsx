import { stretch } from './moments.ts'
import type { Drawing } from './plot.ts'
import type { Series } from './series.ts'

/** What is told at a time; what is more is in the table. */
const MOST = 8

/** What each series has in a part of the time. It is there for the pointer alone: the table has the same figures. */
export function Tooltip({ of, index, left }: { of: Drawing; index: number; left: number }) {
  const { grid, series, format } = of
  const start = grid.starts[index]
  const present = series.filter(({ values }) => (values[index] ?? 0) > 0)
  if (start === undefined) return null
  return (
    <div
      class={`tooltip ${index * 2 > grid.starts.length ? 'is-left' : ''}`}
      style={{ left: `${left}px` }}
      aria-hidden="true"
    >
      <p class="quiet">{stretch(start, grid.step, grid.until)}</p>
      {present.slice(0, MOST).map((one) => (
        <p key={one.label}>
          <span class={`series series-${one.colour}`} />
          {one.label}
          <span class="number">{valueText(one, index, format)}</span>
        </p>
      ))}
      {present.length === 0 && <p>Nothing</p>}
      {present.length > MOST && <p class="quiet">and {present.length - MOST} more</p>}
    </div>
  )
}

function valueText({ values, upTo }: Series, index: number, format: Drawing['format']): string {
  const [value, top] = [values[index], upTo?.[index]]
  if (value == null) return ''
  return top == null ? format(value) : `${format(value)} – ${format(top)}`
}
