import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ApiProblem } from '../api/problem.ts'
import { Problem } from './problem.tsx'

interface DialogProps {
  title: string
  /** What the button that does it says, such as `Roll back`. */
  doing: string
  /** What the button says that does nothing. */
  otherwise?: string
  /** Whether it takes something away. */
  danger?: boolean
  /** False while what it needs is not given yet. */
  ready?: boolean
  /** The act that is behind it, as `useAct` has it. */
  act: { isPending: boolean; error: ApiProblem | null }
  onDo: () => void
  onClose: () => void
  children: ComponentChildren
}

/** Asks before something is done. The browser keeps the keyboard within it, and Escape closes it. */
export function Dialog({
  title,
  doing,
  otherwise = 'Cancel',
  danger,
  ready = true,
  act,
  onDo,
  onClose,
  children,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => ref.current?.showModal(), [])
  const submit = (event: Event) => {
    event.preventDefault()
    if (ready && !act.isPending) onDo()
  }
  return (
    <dialog ref={ref} aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={heading}>{title}</h2>
        {children}
        <Problem error={act.error} />
        <div class="actions">
          <button type="button" onClick={() => ref.current?.close()}>
            {otherwise}
          </button>
          <button type="submit" class={danger ? 'danger' : 'primary'} disabled={!ready || act.isPending}>
            {act.isPending ? 'One moment…' : doing}
          </button>
        </div>
      </form>
    </dialog>
  )
}
