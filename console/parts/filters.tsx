import './filters.css'
import type { ComponentChildren } from 'preact'

/** Above a list, what narrows it. */
export function Filters({ children }: { children: ComponentChildren }) {
  return <search class="filters">{children}</search>
}
