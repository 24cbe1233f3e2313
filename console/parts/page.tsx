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

/** A view with its one heading. After a step to another address that is where a keyboard or a screen reader goes on. */
export function Page({ title, heading = title, actions, children }: PageProps) {
  const [path] = useLocation()
  const ref = useRef<HTMLHeadingElement>(null)
  const shown = useRef(path)
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  useEffect(() => {
    const arrived = history.state !== null || shown.current !== path
    shown.current = path
    if (arrived) ref.current?.focus({ preventScroll: true })
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
