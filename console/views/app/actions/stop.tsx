import { useState } from 'preact/hooks'
import type { AppView } from '../../../../protocol/app-view.ts'
import { count, inFlight } from '../../../parts/count.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field } from '../../../parts/field.tsx'
import { Reason } from '../../../parts/reason.tsx'
import { total } from '../hand-over/lanes.ts'
import { Addresses } from './addresses.tsx'
import { useChange } from './use-change.ts'

const LIST = new Intl.ListFormat('en')

/** Takes the app out of service, once its name was typed. */
export function Stop({ view, onClose }: { view: AppView; onClose: () => void }) {
  const { name: app, env } = view
  const [typed, setTyped] = useState('')
  const { act, perform, reason } = useChange(
    'stop',
    { env, app },
    { done: ({ state }) => (state === 'stopped' ? `${app} is stopped.` : `${app} is stopping.`), onClose },
  )
  return (
    <Dialog
      title={`Stop ${app}`}
      doing="Stop the app"
      danger
      ready={typed === app}
      act={act}
      onDo={() => perform()}
      onClose={onClose}
    >
      <WhatGoes view={view} />
      <Field label={`Type ${app} to confirm`}>
        {(names) => (
          <input
            {...names}
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <Reason {...reason} />
    </Dialog>
  )
}

function WhatGoes({ view: { urls, functions, containers, versions = [], staged = [] } }: { view: AppView }) {
  const addresses = [...Object.values(urls), ...staged.flatMap((version) => Object.values(version.urls))]
  const schedules = functions.filter(({ spec }) => spec.schedule !== undefined).length
  const calls = versions.reduce((sum, row) => sum + row.calls, 0)
  const requests = versions.reduce((sum, row) => sum + row.requests, 0)
  const work = inFlight({ calls, requests })
  const running = total(containers)
  const goes = [
    running > 0 && count(running, 'container'),
    addresses.length > 0 && count(addresses.length, 'URL'),
    schedules > 0 && count(schedules, 'schedule'),
  ].filter((part) => part !== false)
  return (
    <>
      <p>
        What goes: <strong>{LIST.format(goes) || 'nothing that runs now'}</strong>. No call is accepted from
        then on. {work !== undefined && `What is in flight, ${work}, has a short grace to finish. `}
        It can be started again later.
      </p>
      <Addresses urls={addresses} />
    </>
  )
}
