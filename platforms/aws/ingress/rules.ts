import { hash } from 'node:crypto'
import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  PriorityInUseException,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
  RuleNotFoundException,
  type RuleTransform,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { withinHold } from './hold.ts'
import type { EndpointItem } from './items.ts'
import { tagsOf } from './tags.ts'

/** The highest that a rule can have ("CreateRule", Elastic Load Balancing API). */
const LAST_PRIORITY = 50_000

export interface RulesOptions {
  client: ElasticLoadBalancingV2Client
  /** What endpoints are below; without one they are paths. */
  domain: string | undefined
  activatorOf(listenerArn: string): string
}

/** The listener rule of each endpoint: which requests are its own, and which target group they go to. */
export class Rules {
  readonly #client: ElasticLoadBalancingV2Client
  readonly #domain: string | undefined
  readonly #activatorOf: (listenerArn: string) => string

  constructor({ client, domain, activatorOf }: RulesOptions) {
    this.#client = client
    this.#domain = domain
    this.#activatorOf = activatorOf
  }

  /** @returns its ARN, or where the priority is another rule's a free one to try next */
  async make(endpoint: EndpointItem): Promise<{ arn: string } | { priority: number }> {
    const { listenerArn: ListenerArn, priority: Priority, label } = endpoint
    const Conditions = [this.#conditionOf(label)]
    try {
      const { Rules: [rule] = [] } = await this.#client.send(
        new CreateRuleCommand({
          ListenerArn,
          Priority,
          Conditions,
          Actions: [this.#actionOf(endpoint, 'activator')],
          Tags: tagsOf(endpoint),
        }),
        withinHold(),
      )
      return { arn: rule?.RuleArn ?? '' }
    } catch (error) {
      if (!(error instanceof PriorityInUseException)) throw error
      const rules = await this.#all(ListenerArn)
      const own = rules.find((rule) => this.#isOf(rule, label))
      return own ? { arn: own.RuleArn ?? '' } : { priority: freePriority(rules, Priority) }
    }
  }

  /** Sends requests there, and names every group that there is. */
  async route(endpoint: EndpointItem, to: EndpointItem['serving']): Promise<void> {
    const Transforms = this.#transformsFor(endpoint.label, to)
    await this.#client.send(
      new ModifyRuleCommand({
        RuleArn: endpoint.ruleArn,
        Actions: [this.#actionOf(endpoint, to)],
        ...(this.#domain === undefined && (Transforms ? { Transforms } : { ResetTransforms: true })),
      }),
      withinHold(),
    )
  }

  async delete({ listenerArn, label, ruleArn }: EndpointItem): Promise<void> {
    const arn = ruleArn ?? (await this.#all(listenerArn)).find((rule) => this.#isOf(rule, label))?.RuleArn
    if (arn === undefined) return
    try {
      await this.#client.send(new DeleteRuleCommand({ RuleArn: arn }), withinHold())
    } catch (error) {
      if (!(error instanceof RuleNotFoundException)) throw error
    }
  }

  #actionOf({ listenerArn, slots }: EndpointItem, to: EndpointItem['serving']): Action {
    const groups = (['a', 'b'] as const).flatMap((name) => {
      const arn = slots[name]?.arn
      return arn === undefined ? [] : [{ TargetGroupArn: arn, Weight: name === to ? 1 : 0 }]
    })
    const activator = { TargetGroupArn: this.#activatorOf(listenerArn), Weight: 1 }
    return {
      Type: 'forward',
      ForwardConfig: { TargetGroups: to === 'activator' ? [activator, ...groups] : groups },
    }
  }

  #conditionOf(label: string): RuleCondition {
    if (this.#domain === undefined)
      return { Field: 'path-pattern', PathPatternConfig: { Values: [`/${label}`, `/${label}/*`] } }
    return { Field: 'host-header', HostHeaderConfig: { Values: [`${label}.${this.#domain}`] } }
  }

  /** A container sees the paths that its author wrote. The activator tells by the whole one whose request it is. */
  #transformsFor(label: string, to: EndpointItem['serving']): RuleTransform[] | undefined {
    if (this.#domain !== undefined || to === 'activator') return undefined
    const Rewrites = [{ Regex: `^/${label}/?(.*)$`, Replace: '/$1' }]
    return [{ Type: 'url-rewrite', UrlRewriteConfig: { Rewrites } }]
  }

  #isOf({ Conditions = [] }: Rule, label: string): boolean {
    const { Field, HostHeaderConfig, PathPatternConfig } = this.#conditionOf(label)
    const [value] = (HostHeaderConfig ?? PathPatternConfig)?.Values ?? []
    return Conditions.some(
      (condition) => condition.Field === Field && valuesOf(condition).some((other) => other === value),
    )
  }

  async #all(ListenerArn: string): Promise<Rule[]> {
    const rules: Rule[] = []
    for await (const page of paginateDescribeRules({ client: this.#client }, { ListenerArn }, withinHold()))
      rules.push(...(page.Rules ?? []))
    return rules
  }
}

/** Rules match by what no two endpoints share, so their order says nothing: any that is always the same will do. */
export function firstPriority(label: string): number {
  return 1 + (Number.parseInt(hash('sha256', label).slice(0, 8), 16) % LAST_PRIORITY)
}

function freePriority(rules: Rule[], taken: number): number {
  const used = new Set(rules.map(({ Priority }) => Number(Priority)))
  let priority = taken
  do priority = (priority % LAST_PRIORITY) + 1
  while (used.has(priority))
  return priority
}

const valuesOf = ({ HostHeaderConfig, PathPatternConfig, Values }: RuleCondition): string[] =>
  HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? []
