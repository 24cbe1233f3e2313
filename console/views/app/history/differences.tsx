import type { Difference, DiffView } from '../../../../protocol/changes.ts'
import { Scrollable } from '../../../parts/scrollable.tsx'
import { type Change, changesOf } from './changes.ts'
import './differences.css'

/** More files than these would hide the rest. */
const MOST_FILES = 20

const SIGNS = {
  added: ['+', 'added'],
  removed: ['−', 'removed'],
  changed: ['~', 'changed'],
} as const

/** What differs between two versions: what comes, what goes, and what is another than before. */
export function Differences({ of, label }: { of: Difference & Pick<DiffView, 'urls'>; label: string }) {
  const changes = changesOf(of, MOST_FILES)
  if (changes.length === 0) return <p>{label}: no difference.</p>
  return (
    <Scrollable class="differences" label={label}>
      <h3>{label}</h3>
      <ul>
        {changes.map((change) => (
          <Line key={`${change.kind} ${change.what}`} {...change} />
        ))}
      </ul>
    </Scrollable>
  )
}

function Line({ kind, what, before, after }: Change) {
  const [sign, word] = SIGNS[kind]
  return (
    <li class={`difference difference-${kind}`}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <span>
        <span class="visually-hidden">{word}: </span>
        {what}
        {before !== undefined && <del>{before}</del>}
        {before !== undefined && after !== undefined && <span aria-hidden="true"> → </span>}
        {after !== undefined && <ins>{after}</ins>}
      </span>
    </li>
  )
}
