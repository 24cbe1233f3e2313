import type { ComponentChildren } from 'preact'

interface ValueProps {
  of: unknown
  /** What it is, such as `Result`. */
  label: string
}

/** JSON as it is read best, always as text. */
export function Value({ of, label }: ValueProps) {
  return <Text label={label}>{of === undefined ? 'undefined' : JSON.stringify(of, null, 2)}</Text>
}

/** Text of several lines, as it was written. */
export function Text({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard has to be able to scroll it (WCAG 2.1.1)
    <section class="value" tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  )
}
