import { setTimeout as sleep } from 'node:timers/promises'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { Route53Client } from '@aws-sdk/client-route-53'
import type { Container } from '../../../../control/model.ts'
import type { Endpoint, Ingress, Target } from '../../../../control/ports.ts'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { AlbIngress } from '../../../../platforms/aws/ingress/alb-ingress.ts'
import { resourcesTable } from '../../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../../platforms/aws/settings.ts'
import { makeTable } from '../account.ts'
import { type LoadBalancer, makeLoadBalancer, VPC } from './load-balancers.ts'

export const DOMAIN = 'apps.example.com'
/** Where this machine is, for load balancers that look for targets. */
export const HERE = new URL(process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1').hostname

export interface Begin {
  elb?: ElasticLoadBalancingV2Client
  domain?: string | undefined
  zone?: string
  now?: () => number
  patienceMs?: number
  applyMs?: number
  settleMs?: number
}

/** What the emulator takes to act on a change, generously. */
const APPLY_MS = 250

/** A table and load balancers of its own, and any number of ingresses that share them, each as in a process of its own. */
export async function makeScene({ activator, shards = 1 }: { activator?: string; shards?: number } = {}) {
  const table = await makeTable('resources')
  const balancers = await Promise.all(Array.from({ length: shards }, () => makeLoadBalancer(activator)))
  const settings = fromVariables(toVariables({ resourcesTable: table.name }))
  /** Containers that were stopped; all others run. */
  const gone = new Set<string>()
  const store = {
    container: async (id: string) => (gone.has(id) ? undefined : ({ id, state: 'ready' } as Container)),
  }
  const begin = (options: Begin = {}) => {
    const { elb = new ElasticLoadBalancingV2Client(CLIENT_SETTINGS), zone, ...rest } = options
    const domain = 'domain' in options ? options.domain : DOMAIN
    const resources = resourcesTable(settings)
    const ingress = new AlbIngress({
      applyMs: APPLY_MS,
      ...rest,
      table: resources,
      store,
      elb,
      route53: new Route53Client(CLIENT_SETTINGS),
      vpc: VPC,
      domain,
      zone,
      shards: balancers.map(({ shard }) => shard),
      url: (label) =>
        domain === undefined ? `http://${first.shard.loadBalancerDns}/${label}` : `http://${label}.${domain}`,
    })
    return { ingress, elb, database: resources.getDocumentClient() }
  }
  const first = balancers[0] as LoadBalancer
  const close = async () => {
    await Promise.all([table.delete(), ...balancers.map((balancer) => balancer.delete())])
  }
  return {
    table,
    balancers,
    first,
    address: { host: first.shard.loadBalancerDns, port: 80 },
    gone,
    begin,
    close,
  }
}

export type Scene = Awaited<ReturnType<typeof makeScene>>

export const SHOP = { env: 'main', app: 'shop' }

export function endpoint(version = 1, label = 'shop-web') {
  return { ...SHOP, function: 'web', label, version, turn: version } satisfies Endpoint
}

/** One that need not exist. */
export function target(container: string, version = 1, address = `10.0.0.${container.length}:8080`): Target {
  return { container, version, address }
}

export const POLL_MS = 150

/** Asks until it is done, as the domain does. */
export async function pointed(ingress: Ingress, ...said: Parameters<Ingress['point']>): Promise<void> {
  while ((await ingress.point(...said)) === 'pending') await sleep(POLL_MS)
}
