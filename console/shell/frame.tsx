import type { ComponentChildren } from 'preact'
import { Link, useLocation } from 'wouter-preact'
import { useChanges } from '../api/changes.ts'
import icon from '../icon.svg'
import { Account } from './account.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { useEnv } from './environment.ts'
import { EnvironmentSwitch } from './environment-switch.tsx'

/** What is around every view. */
export function Frame({ children }: { children: ComponentChildren }) {
  const env = useEnv()
  useChanges(env)
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <Link href={`/apps/${env}`} class="brand">
          <img src={icon} alt="" width="24" height="24" />
          Sluice
        </Link>
        <EnvironmentSwitch env={env} />
        <nav aria-label="Environment">
          <NavLink href={`/apps/${env}`}>Apps</NavLink>
          <NavLink href={`/usage/${env}`}>Usage</NavLink>
          <NavLink href={`/audit/${env}`}>Audit</NavLink>
        </nav>
        <Account />
      </header>
      <ConnectionBanner />
      <main id="main">{children}</main>
    </>
  )
}

function NavLink({ href, children }: { href: string; children: string }) {
  const [path] = useLocation()
  return (
    <Link href={href} aria-current={path === href ? 'page' : undefined}>
      {children}
    </Link>
  )
}
