import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
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
  const whole = about === undefined ? heading : <Crumb home={home} app={app} page={heading} />
  const tabs = useRef<HTMLElement>(null)
  // On a phone there are more than fit.
  useEffect(() => {
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [path])
  return (
    <Page title={about === undefined ? app : `${about} · ${app}`} heading={whole} actions={actions}>
      <nav class="tabs" aria-label={app} ref={tabs}>
        {TABS.map(([suffix, name]) => (
          <Link key={suffix} href={home + suffix} aria-current={currentIn(path, home, suffix)}>
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  )
}

/** A page below another one, such as that of a call, is told to be in it. */
function currentIn(path: string, home: string, suffix: string): 'page' | 'true' | undefined {
  if (path === home + suffix) return 'page'
  return suffix !== '' && path.startsWith(`${home}${suffix}/`) ? 'true' : undefined
}

/** The app, with the page of it that this is. */
function Crumb({ home, app, page }: { home: string; app: string; page: ComponentChildren }) {
  return (
    <>
      <Link href={home} class="crumb">
        {app}
      </Link>{' '}
      <span class="quiet">/</span> {page}
    </>
  )
}
