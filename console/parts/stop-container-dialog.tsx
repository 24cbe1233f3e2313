import { useState } from 'preact/hooks'
import type { ContainerView } from '../../protocol/api.ts'
import { Dialog } from './dialog.tsx'
import { useDialogAct } from './use-dialog-act.ts'

interface StopContainerProps {
  container: ContainerView
  onClose: () => void
}

/** Asks how a container is to stop. */
export function StopContainerDialog({ container: { id, state }, onClose }: StopContainerProps) {
  const isDraining = state === 'draining'
  const [graceful, setGraceful] = useState(!isDraining)
  const { act, perform } = useDialogAct('stopContainer', {
    done: () => (graceful ? 'The container drains.' : 'The container is stopped.'),
    onClose,
  })
  const stop = () => perform({ params: { id }, body: { graceful } })
  return (
    <Dialog title="Stop this container" doing="Stop container" danger act={act} onDo={stop} onClose={onClose}>
      <p>
        <code>{id}</code>
      </p>
      <fieldset class="stop-choices">
        <legend>How</legend>
        <label>
          <input
            type="radio"
            name="how"
            checked={graceful}
            disabled={isDraining}
            onChange={() => setGraceful(true)}
          />
          <span>
            Gracefully
            <span class="hint">
              {isDraining ? 'It drains already.' : 'It takes nothing new, finishes what it has, and goes.'}
            </span>
          </span>
        </label>
        <label>
          <input type="radio" name="how" checked={!graceful} onChange={() => setGraceful(false)} />
          <span>
            At once
            <span class="hint">Calls that it runs begin again elsewhere; its web requests are cut off.</span>
          </span>
        </label>
      </fieldset>
      <p class="hint">Where containers are still needed, another one starts in its place.</p>
    </Dialog>
  )
}
