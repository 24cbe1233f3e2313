import type { ComponentChildren } from 'preact'

/** A line of a `dl`: what it is, and what it comes to. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
