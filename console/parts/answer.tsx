import type { ComponentChildren } from 'preact'
import type { ApiProblem } from '../api/problem.ts'
import { Problem } from './problem.tsx'
import { Waiting } from './waiting.tsx'

interface AnswerProps<Data> {
  /** As `useAnswer` or `usePages` has it. */
  of: { data: Data | undefined; error: ApiProblem | null }
  children: (data: Data) => ComponentChildren
}

/** What was answered; a failure to ask again hides nothing that is known already. */
export function Answer<Data>({ of: { data, error }, children }: AnswerProps<Data>) {
  if (data !== undefined) return <>{children(data)}</>
  if (error) return <Problem error={error} />
  return <Waiting />
}
