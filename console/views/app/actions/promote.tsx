import type { AppView } from '../../../../protocol/app-view.ts'
import { useAnswer } from '../../../api/queries.ts'
import { Answer } from '../../../parts/answer.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Reason } from '../../../parts/reason.tsx'
import { Differences } from '../history/differences.tsx'
import { drainOf, Outdated } from './outdated.tsx'
import { useChange } from './use-change.ts'

interface PromoteProps {
  view: AppView
  version: number
  onClose: () => void
}

/** Makes a staged version live. */
export function Promote({ view, version, onClose }: PromoteProps) {
  const { name: app, env, liveVersion, versions } = view
  const { act, perform, reason } = useChange(
    'promote',
    { env, app },
    { done: (begun) => `Promoting v${begun.fromVersion}, as v${begun.version}.`, onClose },
  )
  return (
    <Dialog
      title={`Promote v${version} of ${app}`}
      doing="Promote"
      act={act}
      onDo={() => perform({ version })}
      onClose={onClose}
    >
      <p>v{version} becomes live, under a new number and in containers of its own. Its own addresses go.</p>
      {liveVersion !== undefined && <FromLive {...{ env, app, from: liveVersion, to: version }} />}
      <Outdated drain={drainOf(versions, liveVersion)} />
      <Reason {...reason} />
    </Dialog>
  )
}

function FromLive({ env, app, from, to }: { env: string; app: string; from: number; to: number }) {
  const diff = useAnswer('diff', { params: { app }, query: { env, from, to } }, { final: true })
  return (
    <Answer of={diff}>
      {/* The addresses that differ are its own, which go. */}
      {(shown) => <Differences of={{ ...shown, urls: [] }} label={`From v${from} to v${to}`} />}
    </Answer>
  )
}
