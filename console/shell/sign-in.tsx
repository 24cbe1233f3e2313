import { useState } from 'preact/hooks'
import { ApiProblem, unreachable } from '../api/problem.ts'
import { keepSession } from '../api/session.ts'
import { Field } from '../parts/field.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'

/** Takes a token, once it is good for something. */
export function SignIn() {
  const [token, setToken] = useState('')
  const [problem, setProblem] = useState<ApiProblem>()
  const submit = async (event: Event) => {
    event.preventDefault()
    setProblem(undefined)
    await signIn(token.trim()).catch((error: ApiProblem) => setProblem(error))
  }
  return (
    <main id="main" class="sign-in">
      <Page title="Sign in to Sluice">
        <form onSubmit={submit}>
          <Field label="Token" hint="Where Sluice runs on this machine, `sluice token show` prints one.">
            {(names) => (
              <input
                {...names}
                type="password"
                autocomplete="off"
                required
                value={token}
                onInput={(event) => setToken(event.currentTarget.value)}
              />
            )}
          </Field>
          <Problem error={problem} />
          <button type="submit" class="primary">
            Sign in
          </button>
        </form>
      </Page>
    </main>
  )
}

/** @throws ApiProblem for a token that opens nothing */
async function signIn(token: string): Promise<void> {
  const response = await fetch('/v1/me', { headers: { authorization: `Bearer ${token}` } }).catch(() => {
    throw unreachable()
  })
  const answer = await response.json()
  if (!response.ok) throw new ApiProblem(response.status, answer)
  keepSession({ token, name: answer.name, role: answer.role, env: answer.env })
}
