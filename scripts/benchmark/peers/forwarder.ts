/** Something that hands requests on to one server, and then to another. */
export interface Forwarder extends AsyncDisposable {
  readonly port: number
  /** Of all its processes. */
  readonly pids: number[]
  /** Returns when its command does. */
  switchTo(target: number): Promise<void>
}
