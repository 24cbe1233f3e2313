import type { UsageFigures } from '../../../protocol/usage-view.ts'

type Sum = Pick<UsageFigures, 'calls' | 'requests' | 'errors' | 'serverErrors' | 'containerSeconds' | 'cost'>

/** What all of these come to. */
export function sumOf(all: readonly Sum[]): Sum {
  const total = (of: (one: Sum) => number): number => all.reduce((sum, one) => sum + of(one), 0)
  return {
    calls: total(({ calls }) => calls),
    requests: total(({ requests }) => requests),
    errors: total(({ errors }) => errors),
    serverErrors: total(({ serverErrors }) => serverErrors),
    containerSeconds: {
      total: total(({ containerSeconds }) => containerSeconds.total),
      starting: total(({ containerSeconds }) => containerSeconds.starting),
      busy: total(({ containerSeconds }) => containerSeconds.busy),
      idle: total(({ containerSeconds }) => containerSeconds.idle),
      draining: total(({ containerSeconds }) => containerSeconds.draining),
    },
    cost: {
      total: total(({ cost }) => cost.total),
      starting: total(({ cost }) => cost.starting),
      busy: total(({ cost }) => cost.busy),
      idle: total(({ cost }) => cost.idle),
      draining: total(({ cost }) => cost.draining),
      requests: total(({ cost }) => cost.requests),
    },
  }
}
