import { Redirect, Route, Switch } from 'wouter-preact'
import type { SignInLink } from './api/sign-in-link.ts'
import { lazily } from './parts/lazy.tsx'
import { Announcer } from './shell/announcer.tsx'
import { Door } from './shell/door.tsx'
import { lastEnv } from './shell/environment.ts'
import { Frame } from './shell/frame.tsx'
import { NotFound } from './shell/not-found.tsx'
import { AppsView } from './views/apps/apps.tsx'

const LogsView = lazily(() => import('./views/logs/logs.tsx').then((it) => it.LogsView))
const SchedulesView = lazily(() => import('./views/schedules/schedules.tsx').then((it) => it.SchedulesView))
const UsageView = lazily(() => import('./views/usage/usage.tsx').then((it) => it.UsageView))
const EnvironmentUsageView = lazily(() =>
  import('./views/usage/environment.tsx').then((it) => it.EnvironmentUsageView),
)
const AuditView = lazily(() => import('./views/audit/audit.tsx').then((it) => it.AuditView))
const AppAuditView = lazily(() => import('./views/audit/audit.tsx').then((it) => it.AppAuditView))
const AppView = lazily(() => import('./views/app/app.tsx').then((it) => it.AppView))
const CallsView = lazily(() => import('./views/calls/calls.tsx').then((it) => it.CallsView))
const CallView = lazily(() => import('./views/call/call.tsx').then((it) => it.CallView))
const CallById = lazily(() => import('./views/call/call.tsx').then((it) => it.CallById))
const ContainersView = lazily(() =>
  import('./views/containers/containers.tsx').then((it) => it.ContainersView),
)
const FunctionView = lazily(() => import('./views/function/function.tsx').then((it) => it.FunctionView))

export function App({ link }: { link: SignInLink | undefined }) {
  return (
    <Announcer>
      <Door link={link}>
        <Views />
      </Door>
    </Announcer>
  )
}

/** Every view by its address, which is all the state that it has. */
function Views() {
  return (
    <Frame>
      <Switch>
        <Route path="/">
          <Redirect to={`/apps/${lastEnv()}`} replace />
        </Route>
        <Route path="/sign-in">
          <Redirect to={`/apps/${lastEnv()}`} replace />
        </Route>
        <Route path="/apps/:env">{({ env }) => <AppsView key={env} env={env} />}</Route>
        <Route path="/apps/:env/:app/calls">
          {({ env, app }) => <CallsView key={`${env}/${app}`} env={env} app={app} />}
        </Route>
        <Route path="/apps/:env/:app/calls/:id">
          {({ env, app, id }) => <CallView key={id} env={env} app={app} id={id} />}
        </Route>
        <Route path="/calls/:id">{({ id }) => <CallById id={id} />}</Route>
        <Route path="/apps/:env/:app/containers">
          {({ env, app }) => <ContainersView key={`${env}/${app}`} env={env} app={app} />}
        </Route>
        <Route path="/apps/:env/:app/functions/:function">
          {({ env, app, function: name }) => (
            <FunctionView key={`${env}/${app}/${name}`} env={env} app={app} name={name} />
          )}
        </Route>
        <Route path="/apps/:env/:app">{({ env, app }) => <AppView env={env} app={app} />}</Route>
        <Route path="/apps/:env/:app/logs">{({ env, app }) => <LogsView env={env} app={app} />}</Route>
        <Route path="/apps/:env/:app/schedules">
          {({ env, app }) => <SchedulesView env={env} app={app} />}
        </Route>
        <Route path="/apps/:env/:app/usage">{({ env, app }) => <UsageView env={env} app={app} />}</Route>
        <Route path="/apps/:env/:app/audit">
          {({ env, app }) => <AppAuditView key={`${env}/${app}`} env={env} app={app} />}
        </Route>
        <Route path="/usage/:env">{({ env }) => <EnvironmentUsageView key={env} env={env} />}</Route>
        <Route path="/audit/:env">{({ env }) => <AuditView key={env} env={env} />}</Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Frame>
  )
}
