import type { UsageView } from '../../../protocol/usage-view.ts'
import type { Range, Step } from './ranges.ts'

export interface UsageAsked {
  env: string
  app: string
  range: Range
  by: 'function' | 'version'
  step?: Step
  function?: string
}

/** What was asked for, with what it was asked by: while another is awaited, the one before stays on the screen. */
export type Usage = UsageView & { asked: UsageAsked }
