import { own } from '../../../protocol/own.ts'
import './function.css'
import { Link } from 'wouter-preact'
import { useAnswer } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { Empty } from '../../parts/empty.tsx'
import { useMay } from '../../shell/use-may.ts'
import { AppPage } from '../app-page.tsx'
import { FunctionCharts } from './charts/function-charts.tsx'
import { Configuration } from './configuration.tsx'
import { FunctionContainers } from './function-containers.tsx'
import { RecentCalls } from './recent-calls.tsx'
import { Scaling } from './scaling.tsx'
import type { FunctionOfApp } from './settings.ts'
import { TryIt } from './try-it.tsx'

interface FunctionProps {
  env: string
  app: string
  name: string
}

/** One function of the live version: what it is, what it does, and a way to try it. */
export function FunctionView({ env, app, name }: FunctionProps) {
  const answer = useAnswer('getApp', { params: { app }, query: { env } })
  return (
    <AppPage
      env={env}
      app={app}
      about={name}
      actions={<Link href={`/apps/${env}/${app}/logs?function=${name}`}>Logs of {name}</Link>}
    >
      <Answer of={answer}>
        {(view) => {
          const one = view.functions.find((other) => other.name === name)
          if (!one) return <Missing app={app} name={name} />
          return <Parts env={env} app={app} one={one} url={own(view.urls, name)} />
        }}
      </Answer>
    </AppPage>
  )
}

interface PartsProps {
  env: string
  app: string
  one: FunctionOfApp
  url: string | undefined
}

function Parts({ env, app, one, url }: PartsProps) {
  const mayCall = useMay('call')
  const isWeb = one.spec.kind === 'web'
  return (
    <>
      <div class="function-cards">
        <Configuration one={one} url={url} />
        <Scaling env={env} app={app} one={one} />
      </div>
      <FunctionCharts env={env} app={app} function={one.name} />
      {!isWeb && mayCall && <TryIt env={env} app={app} name={one.name} />}
      <FunctionContainers env={env} app={app} name={one.name} />
      {!isWeb && <RecentCalls env={env} app={app} name={one.name} />}
    </>
  )
}

function Missing({ app, name }: { app: string; name: string }) {
  return (
    <Empty title={`No version of ${app} that is live has a function ${name}.`}>
      <p>It may have had another name, or be in a version that is not live.</p>
    </Empty>
  )
}
