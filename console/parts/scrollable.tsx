import type { ComponentChildren, RefObject } from 'preact'

interface ScrollableProps {
  /** What is in it, for those who do not see it. */
  label: string
  class?: string
  /** For who has to know how far it is scrolled. */
  box?: RefObject<HTMLElement>
  children: ComponentChildren
}

/** A part of the page that scrolls by itself where it is too small for what is in it. */
export function Scrollable({ label, class: name, box, children }: ScrollableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard has to be able to scroll it (WCAG 2.1.1)
    <section class={name} ref={box ?? null} tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
