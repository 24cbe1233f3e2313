import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { ApiProblem } from '../api/problem.ts'
import { signIn } from '../api/sign-in.ts'
import icon from '../icon.svg'
import { Field } from '../parts/field.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import './sign-in.css'
import { useLastEnd } from './use-session.ts'

/** Takes a token, and gives it away again for a session. The page that was asked for is there once that is done. */
export function SignIn({ problem: arrivalProblem }: { problem?: ApiProblem | undefined }) {
  const [token, setToken] = useState('')
  const [isPending, setPending] = useState(false)
  const [problem, setProblem] = useState(arrivalProblem)
  const submit = async (event: Event) => {
    event.preventDefault()
    if (isPending) return
    setPending(true)
    setProblem(undefined)
    await signIn(token.trim()).catch(setProblem)
    setPending(false)
  }
  return (
    <Threshold title="Sign in to Sluice">
      <LastEnd />
      <p>
        <code>sluice dashboard</code> in a terminal opens the console, signed in. Or sign in here:
      </p>
      <form onSubmit={submit}>
        <Field
          label="Token"
          hint={
            <>
              It is exchanged for a session of 12 hours, and not kept. <code>sluice up</code> has its own in{' '}
              <code>.sluice/token</code>; others make theirs with <code>sluice token create</code>.
            </>
          }
        >
          {(names) => (
            <input
              {...names}
              type="password"
              autocomplete="off"
              spellcheck={false}
              required
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <Problem error={problem} />
        <button type="submit" class="primary" disabled={isPending}>
          Sign in
        </button>
      </form>
    </Threshold>
  )
}

/** What is shown to those who are not signed in yet. */
export function Threshold({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main id="main" class="threshold">
      <img src={icon} alt="" width="40" height="40" />
      <Page title={title}>{children}</Page>
      <p class="quiet place">{location.host}</p>
    </main>
  )
}

/** Why somebody who was signed in is not any more. */
function LastEnd() {
  const end = useLastEnd()
  if (!end) return null
  return 'problem' in end ? <Problem message={end.problem} /> : <p role="status">{end.note}</p>
}
