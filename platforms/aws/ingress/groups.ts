import { hash } from 'node:crypto'
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  DuplicateTargetGroupNameException,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  type TargetDescription,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { HEALTH_PATH } from '../../../protocol/health.ts'
import { CONTAINER_PORT } from '../settings.ts'
import { withinHold } from './hold.ts'
import type { EndpointItem, SlotName } from './items.ts'
import { tagsOf } from './tags.ts'

/**
 * The shortest interval that there is, and the fewest checks that convince a load balancer ("Health checks for
 * Application Load Balancer target groups"): a new container is sent requests after two of them. One whose author's
 * code blocks it for a while is not given up at once.
 */
const GROUP = {
  TargetType: 'ip',
  Protocol: 'HTTP',
  Port: CONTAINER_PORT,
  HealthCheckPath: HEALTH_PATH,
  HealthCheckIntervalSeconds: 5,
  HealthCheckTimeoutSeconds: 4,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 3,
  Matcher: { HttpCode: '200' },
} as const
/**
 * The longest that there is. A load balancer ends it early once nothing is in flight; how long a request may take is its
 * function's own setting, which the container enforces.
 */
const DEREGISTRATION_DELAY_SECONDS = 3_600

const ATTRIBUTES = [
  { Key: 'deregistration_delay.timeout_seconds', Value: String(DEREGISTRATION_DELAY_SECONDS) },
  { Key: 'load_balancing.algorithm.type', Value: 'least_outstanding_requests' },
]

/** The target groups of endpoints, and who is in them. */
export class Groups {
  readonly #client: ElasticLoadBalancingV2Client
  readonly #vpc: string

  constructor({ client, vpc }: { client: ElasticLoadBalancingV2Client; vpc: string }) {
    this.#client = client
    this.#vpc = vpc
  }

  /** Its ARN. One that was made before is found by its name. */
  async make(endpoint: EndpointItem, slot: SlotName): Promise<string> {
    const arn = await this.#create(endpoint, slot)
    const attributes = new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: ATTRIBUTES })
    await this.#client.send(attributes, withinHold())
    return arn
  }

  async register(arn: string, addresses: string[]): Promise<void> {
    const targets = { TargetGroupArn: arn, Targets: addresses.map(describe) }
    await this.#client.send(new RegisterTargetsCommand(targets), withinHold())
  }

  async deregister(arn: string, addresses: string[]): Promise<void> {
    const targets = { TargetGroupArn: arn, Targets: addresses.map(describe) }
    await this.#client.send(new DeregisterTargetsCommand(targets), withinHold())
  }

  /** Addresses that pass the checks. */
  async healthy(arn: string): Promise<Set<string>> {
    const { TargetHealthDescriptions = [] } = await this.#client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
      withinHold(),
    )
    return new Set(
      TargetHealthDescriptions.flatMap(({ Target, TargetHealth }) =>
        Target && TargetHealth?.State === 'healthy' ? [addressOf(Target)] : [],
      ),
    )
  }

  async delete(endpoint: EndpointItem, slot: SlotName): Promise<void> {
    try {
      const arn = endpoint.slots[slot]?.arn ?? (await this.#find(nameOf(endpoint, slot)))
      await this.#client.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }), withinHold())
    } catch (error) {
      if (!(error instanceof TargetGroupNotFoundException)) throw error
    }
  }

  async #create(endpoint: EndpointItem, slot: SlotName): Promise<string> {
    const Name = nameOf(endpoint, slot)
    try {
      const { TargetGroups: [group] = [] } = await this.#client.send(
        new CreateTargetGroupCommand({ Name, VpcId: this.#vpc, ...GROUP, Tags: tagsOf(endpoint) }),
        withinHold(),
      )
      return group?.TargetGroupArn ?? ''
    } catch (error) {
      // An earlier release may have made it, with other settings.
      if (error instanceof DuplicateTargetGroupNameException) return this.#find(Name)
      throw error
    }
  }

  async #find(name: string): Promise<string> {
    const { TargetGroups: [group] = [] } = await this.#client.send(
      new DescribeTargetGroupsCommand({ Names: [name] }),
      withinHold(),
    )
    return group?.TargetGroupArn ?? ''
  }
}

/** Unique among all installations in an account, whose target groups share one space of names of 32 letters. */
function nameOf({ listenerArn, owner, label }: EndpointItem, slot: SlotName): string {
  return `sluice-${hash('sha256', `${listenerArn} ${owner} ${label}`).slice(0, 20)}-${slot}`
}

/** @param address such as `10.0.0.7:8080` or `[fd00::1]:8080` */
function describe(address: string): { Id: string; Port: number } {
  const colon = address.lastIndexOf(':')
  return { Id: address.slice(0, colon).replace(/[[\]]/g, ''), Port: Number(address.slice(colon + 1)) }
}

function addressOf({ Id = '', Port }: TargetDescription): string {
  return Id.includes(':') ? `[${Id}]:${Port}` : `${Id}:${Port}`
}
