import type { IncomingMessage } from 'node:http'
import { holds, hostOf } from './conditions.ts'
import { redirectLocation } from './redirect.ts'
import type { Action, Listener, Rewrites, Rule, State, Target, WeightedTargetGroup } from './state.ts'

/** Where a request goes. */
export type Route =
  | { kind: 'answer'; status: number; contentType: string; body: string }
  | { kind: 'redirect'; status: number; location: string }
  | { kind: 'target'; targetGroup: string; target: Target; url: string; host: string }
  | { kind: 'function'; functionArn: string; targetGroup: string; multiValueHeaders: boolean; url: string }
  | { kind: 'unavailable' }

const turns = new Map<string, number>()

export function routeOf(request: IncomingMessage, listener: Listener, state: State): Route {
  const rule = listener.rules.find(({ conditions }) => conditions.every((c) => holds(c, request)))
  const action = rule?.actions.at(-1)
  if (!rule || !action) return { kind: 'unavailable' }
  return fixedRoute(action, request, listener) ?? forwardRoute(action, rule, request, state)
}

function fixedRoute(action: Action, request: IncomingMessage, listener: Listener): Route | undefined {
  const { FixedResponseConfig: fixed, RedirectConfig: redirect } = action
  if (fixed) {
    const { StatusCode, ContentType = 'text/plain', MessageBody = '' } = fixed
    return { kind: 'answer', status: Number(StatusCode), contentType: ContentType, body: MessageBody }
  }
  if (!redirect) return undefined
  const status = Number(redirect.StatusCode.replace('HTTP_', ''))
  return { kind: 'redirect', status, location: redirectLocation(redirect, request, listener) }
}

function forwardRoute(action: Action, rule: Rule, request: IncomingMessage, state: State): Route {
  const arn = weightedChoice(action.ForwardConfig?.TargetGroups ?? [])
  const group = arn === undefined ? undefined : state.targetGroups[arn]
  if (arn === undefined || !group) return { kind: 'unavailable' }
  const target = nextTarget(arn, group.targets)
  if (!target) return { kind: 'unavailable' }
  const { url, host } = rewritten(rule, request)
  if (group.type !== 'lambda') return { kind: 'target', targetGroup: arn, target, url, host }
  const { multiValueHeaders } = group
  return { kind: 'function', functionArn: target.id, targetGroup: arn, multiValueHeaders, url }
}

function weightedChoice(groups: WeightedTargetGroup[]): string | undefined {
  let left = Math.random() * groups.reduce((sum, { Weight }) => sum + Weight, 0)
  return groups.find(({ Weight }) => {
    left -= Weight
    return left < 0
  })?.TargetGroupArn
}

/**
 * In turns among the healthy ones. Where none is healthy, among all: the load balancer fails open ("Health checks for
 * Application Load Balancer target groups").
 */
function nextTarget(group: string, targets: Target[]): Target | undefined {
  const registered = targets.filter(({ state }) => state !== 'draining' && state !== 'unused')
  const healthy = registered.filter(({ state }) => state === 'healthy')
  const candidates = healthy.length > 0 ? healthy : registered
  const turn = (turns.get(group) ?? 0) + 1
  turns.set(group, turn)
  return candidates[turn % candidates.length]
}

/** "Transforms for listener rules": regular expressions over the path with its query, and over the host header. */
function rewritten({ transforms }: Rule, request: IncomingMessage): { url: string; host: string } {
  let url = request.url ?? '/'
  let host = request.headers.host ?? hostOf(request)
  for (const { UrlRewriteConfig, HostHeaderRewriteConfig } of transforms) {
    url = rewrite(url, UrlRewriteConfig)
    host = rewrite(host, HostHeaderRewriteConfig)
  }
  return { url, host }
}

function rewrite(text: string, config: Rewrites | undefined): string {
  return (config?.Rewrites ?? []).reduce(
    (result, { Regex, Replace }) => result.replace(new RegExp(Regex), Replace),
    text,
  )
}
