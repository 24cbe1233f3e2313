import type { FiringView } from '../../../protocol/schedules.ts'

/** The state whose colour a firing has: its call's, as long as one is known. */
export const stateOf = ({ outcome, call }: FiringView): string => call?.status ?? outcome

/** What became of a firing, in words. */
export function outcomeText({ outcome, call, reason }: FiringView): string {
  const made =
    call === undefined ? '' : call.status === undefined ? ', call kept no longer' : `, ${call.status}`
  return `${WORDS[outcome]}${made.replace('_', ' ')}${reason ? `: ${reason}` : ''}`
}

const WORDS: Record<FiringView['outcome'], string> = {
  fired: 'ran',
  late: 'ran late',
  skipped: 'skipped, as the call before it still ran',
  paused: 'passed while it was paused',
  missed: 'missed',
  triggered: 'run by hand',
}

/** So that no firing is told by its colour alone. */
export const SIGNS: Record<string, string> = {
  succeeded: '✓',
  failed: '✕',
  timed_out: '✕',
  cancelled: '–',
  running: '▸',
  pending: '·',
  missed: '!',
  skipped: '»',
  paused: '‖',
}
