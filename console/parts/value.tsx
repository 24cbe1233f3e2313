import type { ComponentChildren } from 'preact'
import { Scrollable } from './scrollable.tsx'

interface ValueProps {
  of: unknown
  /** What it is, such as `Result`. */
  label: string
}

/** JSON leaves these as they are, but nobody would see them, or they would turn what they stand in. */
const UNSEEN = /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** JSON as it is read best, always as text. */
export function Value({ of, label }: ValueProps) {
  return (
    <Text label={label}>
      {of === undefined ? 'undefined' : JSON.stringify(of, null, 2).replace(UNSEEN, spelled)}
    </Text>
  )
}

const spelled = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text of several lines, as it was written. */
export function Text({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <Scrollable class="value" label={label}>
      <pre>{children}</pre>
    </Scrollable>
  )
}
