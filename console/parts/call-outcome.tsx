import { Fragment } from 'preact'
import type { CallView } from '../../protocol/api.ts'
import { Scrollable } from './scrollable.tsx'
import { Value } from './value.tsx'
import { Visible } from './visible.tsx'
import { WebLink } from './web-link.tsx'

/** What came of a call, or of its latest attempt: its result, or the error with the author's stack. */
export function CallOutcome({ call: { status, result, resultUrl, error } }: { call: CallView }) {
  if (error) return <CallError {...error} />
  if (resultUrl !== undefined)
    return (
      <p>
        The result is large. <WebLink href={resultUrl}>Open it</WebLink>
      </p>
    )
  if (status === 'succeeded') return <Value of={result} label="Result" />
  return (
    <p class="quiet">
      {status === 'pending' ? 'It waits for a container.' : 'It runs. Nothing has come of it yet.'}
    </p>
  )
}

function CallError({ name, message, stack }: NonNullable<CallView['error']>) {
  const heading = `${name}: ${message}`
  // What was thrown tells its name in its stack, too.
  const frames = stack?.startsWith(heading) ? stack.slice(heading.length) : `\n${stack ?? ''}`
  return (
    <Scrollable class="value call-error" label="Error">
      <pre>
        <strong>
          <Visible text={name} />
        </strong>
        : <Lines of={`${message}${frames}`} />
      </pre>
    </Scrollable>
  )
}

function Lines({ of }: { of: string }) {
  return of.split('\n').map((line, index) => (
    <Fragment key={index}>
      {index > 0 && '\n'}
      <Visible text={line} />
    </Fragment>
  ))
}
