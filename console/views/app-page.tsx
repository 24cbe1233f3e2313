import type { ComponentChildren } from 'preact'
import { Link, useLocation } from 'wouter-preact'
import { Page } from '../parts/page.tsx'

const TABS = [
  ['', 'Overview'],
  ['/calls', 'Calls'],
  ['/containers', 'Containers'],
  ['/logs', 'Logs'],
  ['/schedules', 'Schedules'],
  ['/usage', 'Usage'],
  ['/audit', 'Audit'],
] as const

interface AppPageProps {
  env: string
  app: string
  /** What of the app it is about, where it is not the app itself. */
  about?: string
  heading?: ComponentChildren
  actions?: ComponentChildren
  children: ComponentChildren
}

/** A view that is about one app, with the way to the others. */
export function AppPage({ env, app, about, heading = about ?? app, actions, children }: AppPageProps) {
  const [path] = useLocation()
  const home = `/apps/${encodeURIComponent(env)}/${encodeURIComponent(app)}`
  return (
    <Page title={about === undefined ? app : `${about} · ${app}`} heading={heading} actions={actions}>
      <nav class="tabs" aria-label={app}>
        {TABS.map(([suffix, name]) => (
          <Link key={suffix} href={home + suffix} aria-current={path === home + suffix ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  )
}
