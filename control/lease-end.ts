/** Whether the app is an ephemeral one: whoever tries it out looks at it, and nobody else wants to hear of it. */
export const isTriedOut = ({ leaseUntil }: { leaseUntil?: number | undefined }): boolean =>
  leaseUntil !== undefined

/** Whether an app is to go on after then: it has no lease, or one that lasts longer. */
export const livesBeyond = (app: { leaseUntil?: number | undefined }, at: number): boolean =>
  app.leaseUntil === undefined || app.leaseUntil > at
