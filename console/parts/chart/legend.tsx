import type { Series } from './series.ts'

/** Which colour is whose. */
export function Legend({ series, rest }: { series: Series[]; rest: string }) {
  const told = series.filter(({ colour }) => colour !== 'rest')
  return (
    <ul class="legend">
      {told.map(({ label, colour }) => (
        <Entry key={label} label={label} colour={colour} />
      ))}
      {told.length < series.length && <Entry label={rest} colour="rest" />}
    </ul>
  )
}

function Entry({ label, colour }: Pick<Series, 'label' | 'colour'>) {
  return (
    <li>
      <span class={`series series-${colour}`} aria-hidden="true" />
      {label}
    </li>
  )
}
