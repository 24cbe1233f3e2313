export type Topic = `call:${string}` | `container:${string}` | `app:${string}`

/** Says that something changed, to whoever waits for it. A lost word costs time, never truth. */
export interface Events {
  publish(topic: Topic): void
  /** From now on every word on these topics is noticed. */
  subscribe(topics: Topic[]): Subscription
}

export interface Subscription {
  /** True as soon as something was published since the last `next`; false after so many milliseconds without. */
  next(ms: number): Promise<boolean>
  close(): void
}

/** Tells whoever looks at apps that there is something new to see. */
export interface Changes {
  /** Of all apps of the environment, or of this one. @throws SluiceError `unavailable` where too many listen */
  listen(env: string, app?: string): Listening
}

export interface Listening {
  /**
   * The apps of which something has changed since the last `next`, as soon as there are any; none after so many
   * milliseconds without. Undefined once nothing more will be told.
   */
  next(ms: number): Promise<string[] | undefined>
  close(): void
}
