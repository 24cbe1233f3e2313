/** Whether an app is to go on after then: it has no lease, or one that lasts longer. */
export const livesBeyond = (app: { leaseUntil?: number | undefined }, at: number): boolean =>
  app.leaseUntil === undefined || app.leaseUntil > at
