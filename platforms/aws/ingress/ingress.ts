import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { Route53Client } from '@aws-sdk/client-route-53'
import type { Ingress } from '../../../control/ports.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { makeStore } from '../store/store.ts'
import { makeAddresses } from './addresses.ts'
import { AlbIngress } from './alb-ingress.ts'
import { shardsIn } from './shards.ts'

export function makeIngress(settings: Settings): Ingress {
  const domain = settings.optional('ingressDomain')
  const shards = shardsIn(settings)
  return new AlbIngress({
    table: resourcesTable(settings),
    store: makeStore(settings),
    elb: new ElasticLoadBalancingV2Client(CLIENT_SETTINGS),
    route53: new Route53Client(CLIENT_SETTINGS),
    vpc: settings.vpc,
    domain,
    zone: settings.optional('hostedZone'),
    // A path says nothing of the load balancer, so without a domain all share the first.
    shards: domain === undefined ? shards.slice(0, 1) : shards,
    url: makeAddresses(settings).url,
  })
}
