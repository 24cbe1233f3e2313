import { setTimeout as sleep } from 'node:timers/promises'

/** What is to be served, in the words of the ELBv2 API where it says the same. */
export interface State {
  listeners: Listener[]
  targetGroups: Record<string, TargetGroup>
}

export interface Listener {
  address: string
  port: number
  protocol: 'HTTP' | 'HTTPS'
  idleTimeoutSeconds: number
  /** In the order in which they are tried. */
  rules: Rule[]
}

export interface Rule {
  conditions: Condition[]
  actions: Action[]
  transforms: Transform[]
}

export interface Condition {
  Field: string
  Values: string[]
  HttpHeaderConfig?: { HttpHeaderName: string; Values: string[] }
}

export interface Action {
  Type: string
  ForwardConfig?: { TargetGroups: WeightedTargetGroup[] }
  FixedResponseConfig?: { StatusCode: string; ContentType?: string; MessageBody?: string }
  RedirectConfig?: RedirectConfig
}

export interface WeightedTargetGroup {
  TargetGroupArn: string
  Weight: number
}

export interface RedirectConfig {
  StatusCode: string
  Protocol?: string
  Host?: string
  Port?: string
  Path?: string
  Query?: string
}

export interface Transform {
  UrlRewriteConfig?: Rewrites
  HostHeaderRewriteConfig?: Rewrites
}

export interface Rewrites {
  Rewrites: { Regex: string; Replace: string }[]
}

export interface TargetGroup {
  type: 'ip' | 'instance' | 'lambda'
  multiValueHeaders: boolean
  targets: Target[]
}

export interface Target {
  id: string
  port: number
  state: string
}

const RETRY_MS = 200

/** Yields the state and each change of it, for as long as the emulator is there; waits for one that comes back. */
export async function* follow(endpoint: string): AsyncGenerator<State> {
  for (let seen = ''; ; ) {
    try {
      const response = await fetch(`${endpoint}/_rig/load-balancing?after=${seen}`)
      const { form, ...state } = (await response.json()) as State & { form: string }
      if (form !== seen) yield state
      seen = form
    } catch {
      await sleep(RETRY_MS)
    }
  }
}
