import { useEffect, useState } from 'preact/hooks'
import type { CallView } from '../../protocol/api.ts'
import { useAnswer } from '../api/queries.ts'

export const hasEnded = ({ status }: Pick<CallView, 'status'>): boolean =>
  status !== 'pending' && status !== 'running'

/** A call, asked for again until it has ended. @param wait seconds that its end is waited for with each look */
export function useCall(id: string, query: { args?: boolean; wait?: number }) {
  const [final, setFinal] = useState(false)
  const answer = useAnswer('getCall', { params: { id }, query }, { final })
  const { data } = answer
  const ended = data !== undefined && hasEnded(data)
  useEffect(() => setFinal(ended), [ended])
  return answer
}
