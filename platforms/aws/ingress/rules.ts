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
import { VERSION_HEADER } from '../../../protocol/version-header.ts'
import { withinHold } from './hold.ts'
import type { AliasRule, EndpointItem } from './items.ts'
import { tagsOf } from './tags.ts'

/** The highest that a rule can have ("CreateRule", Elastic Load Balancing API). */
const LAST_PRIORITY = 50_000
/** Aliases come before the endpoints whose requests they take some of. */
const LAST_ALIAS = 10_000

export interface RulesOptions {
  client: ElasticLoadBalancingV2Client
  /** What endpoints are below; without one they are paths. */
  domain: string | undefined
  activatorOf(listenerArn: string): string
}

/** What came of making a rule. */
export type Made = { arn: string } | { priority: number }

interface Wanted {
  label: string
  priority: number
  conditions: RuleCondition[]
  to: EndpointItem['serving']
}

/** The listener rules of each endpoint: which requests are its own, and which target group they go to. */
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
  make(endpoint: EndpointItem): Promise<Made> {
    const { label, priority } = endpoint
    return this.#make(endpoint, { label, priority, conditions: [this.#conditionOf(label)], to: 'activator' })
  }

  /** The same for the rule by which a request at the live address that asks for the endpoint's version gets it. */
  makeAlias(endpoint: EndpointItem, { label, priority }: AliasRule): Promise<Made> {
    const conditions = [this.#conditionOf(label), askingFor(endpoint.version)]
    return this.#make(endpoint, { label, priority, conditions, to: endpoint.serving })
  }

  /** Sends requests there, and names every group that there is. */
  async route(endpoint: EndpointItem, to: EndpointItem['serving']): Promise<void> {
    const { ruleArn, label, aliasRule } = endpoint
    await this.#modify(endpoint, { arn: ruleArn, label, to })
    if (aliasRule?.arn !== undefined) await this.#modify(endpoint, { ...aliasRule, to })
  }

  async delete(endpoint: EndpointItem): Promise<void> {
    const { listenerArn, label, ruleArn } = endpoint
    if (endpoint.aliasRule) await this.deleteAlias(endpoint)
    await this.#delete(ruleArn ?? (await this.#find(listenerArn, [this.#conditionOf(label)]))?.RuleArn)
  }

  async deleteAlias({ listenerArn, version, aliasRule }: EndpointItem): Promise<void> {
    if (!aliasRule) return
    const conditions = [this.#conditionOf(aliasRule.label), askingFor(version)]
    await this.#delete(aliasRule.arn ?? (await this.#find(listenerArn, conditions))?.RuleArn)
  }

  async #make(endpoint: EndpointItem, { label, priority, conditions, to }: Wanted): Promise<Made> {
    const { listenerArn: ListenerArn } = endpoint
    const Transforms = this.#transformsFor(label, to)
    try {
      const { Rules: [rule] = [] } = await this.#client.send(
        new CreateRuleCommand({
          ListenerArn,
          Priority: priority,
          Conditions: conditions,
          Actions: [this.#actionOf(endpoint, to)],
          ...(Transforms && { Transforms }),
          Tags: tagsOf(endpoint),
        }),
        withinHold(),
      )
      return { arn: rule?.RuleArn ?? '' }
    } catch (error) {
      if (!(error instanceof PriorityInUseException)) throw error
      const rules = await this.#all(ListenerArn)
      const own = rules.find((rule) => isFor(rule, conditions))
      return own ? { arn: own.RuleArn ?? '' } : { priority: freePriority(rules, priority) }
    }
  }

  async #modify(
    endpoint: EndpointItem,
    { arn, label, to }: { arn?: string | undefined; label: string; to: EndpointItem['serving'] },
  ): Promise<void> {
    const Transforms = this.#transformsFor(label, to)
    await this.#client.send(
      new ModifyRuleCommand({
        RuleArn: arn,
        Actions: [this.#actionOf(endpoint, to)],
        ...(this.#domain === undefined && (Transforms ? { Transforms } : { ResetTransforms: true })),
      }),
      withinHold(),
    )
  }

  async #delete(arn: string | undefined): Promise<void> {
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

  async #find(listenerArn: string, conditions: RuleCondition[]): Promise<Rule | undefined> {
    return (await this.#all(listenerArn)).find((rule) => isFor(rule, conditions))
  }

  async #all(ListenerArn: string): Promise<Rule[]> {
    const rules: Rule[] = []
    for await (const page of paginateDescribeRules({ client: this.#client }, { ListenerArn }, withinHold()))
      rules.push(...(page.Rules ?? []))
    return rules
  }
}

/** Rules of endpoints match by what no two share, so their order says nothing: any that is always the same will do. */
export function firstPriority(label: string): number {
  return LAST_ALIAS + 1 + (numberOf(label) % (LAST_PRIORITY - LAST_ALIAS))
}

/** Before all of those: an alias matches some of the requests of another endpoint. */
export function aliasPriority(label: string, version: number): number {
  return 1 + (numberOf(`${label} ${version}`) % LAST_ALIAS)
}

const numberOf = (text: string): number => Number.parseInt(hash('sha256', text).slice(0, 8), 16)

function freePriority(rules: Rule[], taken: number): number {
  const used = new Set(rules.map(({ Priority }) => Number(Priority)))
  const [first, last] = taken <= LAST_ALIAS ? [1, LAST_ALIAS] : [LAST_ALIAS + 1, LAST_PRIORITY]
  let priority = taken
  do priority = priority === last ? first : priority + 1
  while (used.has(priority))
  return priority
}

function askingFor(version: number): RuleCondition {
  return {
    Field: 'http-header',
    HttpHeaderConfig: { HttpHeaderName: VERSION_HEADER, Values: [String(version)] },
  }
}

function isFor({ Conditions = [] }: Rule, conditions: RuleCondition[]): boolean {
  return (
    Conditions.length === conditions.length &&
    conditions.every((wanted) =>
      Conditions.some(
        (condition) =>
          condition.Field === wanted.Field && valuesOf(condition).includes(valuesOf(wanted)[0] ?? ''),
      ),
    )
  )
}

const valuesOf = ({
  HostHeaderConfig,
  PathPatternConfig,
  HttpHeaderConfig,
  Values,
}: RuleCondition): string[] =>
  HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? HttpHeaderConfig?.Values ?? Values ?? []
