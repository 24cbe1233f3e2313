import type { ApiProblem } from '../api/problem.ts'

interface ProblemProps {
  error?: Pick<ApiProblem, 'message' | 'fields'> | null | undefined
  message?: string
}

/** What went wrong, in the words of the API, with each field at fault. Nothing where nothing did. */
export function Problem({ error, message = error?.message }: ProblemProps) {
  if (message === undefined) return null
  return (
    <div class="problem" role="alert">
      <p>{message}</p>
      {error && error.fields.length > 1 && (
        <ul>
          {error.fields.map(({ path, message }) => (
            <li key={path}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
