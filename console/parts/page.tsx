import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'wouter-preact'

interface PageProps {
  /** What the page is about, for its heading and the window. */
  title: string
  /** Instead of the title, where the heading has more to it. */
  heading?: ComponentChildren
  /** Beside the heading. */
  actions?: ComponentChildren
  children: ComponentChildren
}

/** Where whoever is here was last: the page before is gone with its view. */
let shownPath: string | undefined

/** A view with its one heading. After a step to another address that is where a keyboard or a screen reader goes on. */
export function Page({ title, heading = title, actions, children }: PageProps) {
  const [path] = useLocation()
  const ref = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  useEffect(() => {
    const hasArrived = shownPath !== undefined && shownPath !== path
    shownPath = path
    // A keyboard that goes through the values of a choice has to stay there.
    const isChoosing = document.activeElement instanceof HTMLSelectElement
    if (hasArrived && !isChoosing) ref.current?.focus({ preventScroll: true })
  }, [path])
  return (
    <>
      <header class="page-header">
        <h1 ref={ref} tabIndex={-1}>
          {heading}
        </h1>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}
