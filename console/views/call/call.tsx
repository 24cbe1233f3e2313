import './call.css'
import { useState } from 'preact/hooks'
import { Redirect } from 'wouter-preact'
import type { CallView as Call } from '../../../protocol/api.ts'
import { Answer } from '../../parts/answer.tsx'
import { CallOutcome } from '../../parts/call-outcome.tsx'
import { CallLog } from '../../parts/log.tsx'
import { Page } from '../../parts/page.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { hasEnded, useCall } from '../../parts/use-call.ts'
import { useMay } from '../../shell/use-may.ts'
import { AppPage } from '../app-page.tsx'
import { CallArguments } from './arguments.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { Children } from './children.tsx'
import { Facts } from './facts.tsx'
import { Timing } from './timing.tsx'

interface CallProps {
  env: string
  app: string
  id: string
}

/** One execution of a function: what went in, what came out, and how long each part of it took. */
export function CallView({ env, app, id }: CallProps) {
  const [cancels, setCancels] = useState(false)
  const mayCall = useMay('call')
  const answer = useCall(id, { args: true })
  const call = answer.data
  if (call && (call.env !== env || call.app !== app)) return <Redirect to={addressOf(call)} replace />
  return (
    <AppPage
      env={env}
      app={app}
      about={`Call ${id}`}
      heading={call ? <Heading call={call} /> : 'Call'}
      actions={
        call &&
        mayCall &&
        !hasEnded(call) && (
          <button type="button" onClick={() => setCancels(true)}>
            Cancel call
          </button>
        )
      }
    >
      <Answer of={answer}>{(call) => <Parts call={call} />}</Answer>
      {cancels && <CancelDialog id={id} onClose={() => setCancels(false)} />}
    </AppPage>
  )
}

/** Sends whoever has only the id of a call on to its page. */
export function CallById({ id }: { id: string }) {
  const answer = useCall(id, {})
  return (
    <Page title="Call">
      <Answer of={answer}>{(call) => <Redirect to={addressOf(call)} replace />}</Answer>
    </Page>
  )
}

const addressOf = ({ env, app, id }: Call): string => `/apps/${env}/${app}/calls/${id}`

function Heading({ call }: { call: Call }) {
  return (
    <>
      Call of {call.function} <StateBadge state={call.status} />
    </>
  )
}

function Parts({ call }: { call: Call }) {
  const isAgain = call.error !== undefined && !hasEnded(call)
  return (
    <>
      <Facts call={call} />
      <Timing call={call} />
      <div class="block">
        <h2>{isAgain ? 'Error of the last attempt' : call.error ? 'Error' : 'Result'}</h2>
        <CallOutcome call={call} />
      </div>
      <div class="block">
        <h2>Input</h2>
        <CallArguments call={call} />
      </div>
      <Children call={call} />
      <div class="block">
        <h2>Log</h2>
        <CallLog env={call.env} app={call.app} call={call.id} endedAt={call.endedAt} />
      </div>
    </>
  )
}
