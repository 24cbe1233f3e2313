import {
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  InvalidChangeBatch,
  type Route53Client,
} from '@aws-sdk/client-route-53'
import { withinHold } from './hold.ts'
import type { EndpointItem } from './items.ts'
import type { IngressShard } from './shards.ts'

export interface NamesOptions {
  client: Route53Client
  domain: string | undefined
  zone: string | undefined
  shards: IngressShard[]
}

/** The names of endpoints that the domain's wildcard would lead elsewhere: it stands for the first load balancer. */
export class Names {
  readonly #options: NamesOptions

  constructor(options: NamesOptions) {
    this.#options = options
  }

  add(endpoint: EndpointItem): Promise<void> {
    return this.#change('UPSERT', endpoint)
  }

  async remove(endpoint: EndpointItem): Promise<void> {
    try {
      await this.#change('DELETE', endpoint)
    } catch (error) {
      // So Route 53 calls a record that is not there, too.
      if (!(error instanceof InvalidChangeBatch)) throw error
    }
  }

  async #change(Action: ChangeAction, { label, listenerArn }: EndpointItem): Promise<void> {
    const { client, domain, zone, shards } = this.#options
    const index = shards.findIndex((shard) => shard.listenerArn === listenerArn)
    const shard = shards[index]
    if (index === 0 || !shard || domain === undefined || zone === undefined) return
    const ResourceRecordSet = {
      Name: `${label}.${domain}`,
      Type: 'A',
      AliasTarget: {
        DNSName: shard.loadBalancerDns,
        HostedZoneId: shard.hostedZoneId,
        EvaluateTargetHealth: false,
      },
    } as const
    const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] }
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch }), withinHold())
  }
}
