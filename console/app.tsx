import { QueryClientProvider } from '@tanstack/preact-query'
import { Redirect, Route, Switch } from 'wouter-preact'
import { makeQueryClient } from './api/queries.ts'
import { lazily } from './parts/lazy.tsx'
import { Announcer } from './shell/announcer.tsx'
import { lastEnv } from './shell/environment.ts'
import { Frame } from './shell/frame.tsx'
import { NotFound } from './shell/not-found.tsx'
import { SignIn } from './shell/sign-in.tsx'
import { useSession } from './shell/use-session.ts'
import { AppsView } from './views/apps/apps.tsx'

const LogsView = lazily(() => import('./views/logs/logs.tsx').then((it) => it.LogsView))
const SchedulesView = lazily(() => import('./views/schedules/schedules.tsx').then((it) => it.SchedulesView))
const UsageView = lazily(() => import('./views/usage/usage.tsx').then((it) => it.UsageView))
const AuditView = lazily(() => import('./views/audit/audit.tsx').then((it) => it.AuditView))
const AppAuditView = lazily(() => import('./views/audit/audit.tsx').then((it) => it.AppAuditView))
const AppView = lazily(() => import('./views/app/app.tsx').then((it) => it.AppView))

const queryClient = makeQueryClient()

/** Every view by its address, which is all the state that it has. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Announcer>
        <Door />
      </Announcer>
    </QueryClientProvider>
  )
}

function Door() {
  const session = useSession()
  if (!session) return <SignIn />
  return (
    <Frame>
      <Switch>
        <Route path="/">
          <Redirect to={`/apps/${lastEnv()}`} replace />
        </Route>
        <Route path="/sign-in">
          <Redirect to="/" replace />
        </Route>
        <Route path="/apps/:env">{({ env }) => <AppsView key={env} env={env} />}</Route>
        <Route path="/apps/:env/:app">{({ env, app }) => <AppView env={env} app={app} />}</Route>
        <Route path="/apps/:env/:app/logs">{({ env, app }) => <LogsView env={env} app={app} />}</Route>
        <Route path="/apps/:env/:app/schedules">
          {({ env, app }) => <SchedulesView env={env} app={app} />}
        </Route>
        <Route path="/apps/:env/:app/usage">{({ env, app }) => <UsageView env={env} app={app} />}</Route>
        <Route path="/apps/:env/:app/audit">
          {({ env, app }) => <AppAuditView key={`${env}/${app}`} env={env} app={app} />}
        </Route>
        <Route path="/audit/:env">{({ env }) => <AuditView key={env} env={env} />}</Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Frame>
  )
}
