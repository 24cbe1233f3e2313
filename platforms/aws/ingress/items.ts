import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { list } from 'dynamodb-toolbox/schema/list'
import { map } from 'dynamodb-toolbox/schema/map'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { ResourcesTable } from '../resources-table.ts'

/** What the ingress keeps in the table of resources, in which everything has an owner. */

const registered = map({
  container: string(),
  address: string(),
  /** When the load balancer was told of it, milliseconds since the epoch; absent while that is only meant. */
  since: number().optional(),
  /** It has been sent requests after it passed its checks, or in spite of them. */
  proven: boolean().optional(),
  /** It should get no request any more; it may still answer some. */
  out: boolean().optional(),
})

const slot = map({
  arn: string().optional(),
  /** Whether the rule names the target group, without which the load balancer does not check its targets. */
  attached: boolean().optional(),
  /** Whose containers are in it. */
  version: number(),
  targets: list(registered),
})

export function ingressItems(table: ResourcesTable) {
  const keys = { owner: string().key(), item: string().key() }
  const plain = { table, timestamps: false, entityAttribute: false } as const

  const endpoint = new Entity({
    ...plain,
    name: 'endpoint',
    schema: item({
      ...keys,
      label: string(),
      function: string(),
      /** The version that serves it. */
      version: number(),
      /** In whose name it is pointed. */
      turn: number(),
      /** Of a staged version. */
      staged: boolean().optional(),
      /** The live label at which the header `sluice-version` is to lead here, too. */
      alias: string().optional(),
      /** The rule that has it do so, or is about to: chosen before it is made, as the endpoint's own. */
      aliasRule: map({ label: string(), priority: number(), arn: string().optional() }).optional(),
      fault: string().optional(),
      /** Its URL answers 404; what is left of it goes with its last container. */
      removed: boolean().optional(),
      /** Counts the writes, so that none is built on what has changed meanwhile. */
      revision: number(),
      /** Until then one process alone changes what the load balancer does for it. */
      heldUntil: number().optional(),
      listenerArn: string(),
      /** Of its rule; chosen before the rule is made, so that a rule whose making was not noted is found. */
      priority: number(),
      ruleArn: string().optional(),
      serving: string().enum('activator', 'a', 'b'),
      /** When the rule was last told where requests go, milliseconds since the epoch. */
      routedAt: number().optional(),
      slots: map({ a: slot.optional(), b: slot.optional() }),
    }),
  })

  const fence = new Entity({
    ...plain,
    name: 'fence',
    schema: item({
      ...keys,
      turn: number(),
      /** The labels that were left standing when the others were removed. */
      keptLabels: list(string()).optional(),
      revision: number(),
      /** Seconds since the epoch; set once the app has none of its endpoints left. */
      expiresAt: number().optional(),
    }),
  })

  const load = new Entity({
    ...plain,
    name: 'load',
    schema: item({ ...keys, endpoints: number() }),
  })

  const target = new Entity({
    ...plain,
    name: 'target',
    schema: item({
      ...keys,
      /** Since when nothing sends it requests, milliseconds since the epoch. */
      outAt: number().optional(),
      /** Seconds since the epoch. */
      expiresAt: number().optional(),
    }),
  })

  return { table, endpoint, fence, load, target }
}

export type IngressItems = ReturnType<typeof ingressItems>
export type EndpointItem = FormattedItem<IngressItems['endpoint']>
export type Fence = FormattedItem<IngressItems['fence']>
export type SlotName = 'a' | 'b'
export type AliasRule = NonNullable<EndpointItem['aliasRule']>
export type Slot = NonNullable<EndpointItem['slots'][SlotName]>
export type Registered = Slot['targets'][number]
