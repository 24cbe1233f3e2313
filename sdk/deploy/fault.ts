/** Why the author's file or its deployment does not work, in words for its author. */
export class DeployFault extends Error {
  /** What there is to look at: a code frame, a stack, a container's last lines. */
  readonly detail: string | undefined

  constructor(message: string, detail?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DeployFault'
    this.detail = detail
  }
}
