import type { EventBus } from 'aws-cdk-lib/aws-events'
import type { Means } from './means.ts'

/** Only the reconciler has news of apps; whoever waits for news looks at the tables. */
export function listening(bus: EventBus): Means {
  return { settings: { eventBus: bus.eventBusName } }
}

/** The port `Events`. */
export function events(bus: EventBus): Means {
  return { ...listening(bus), rights: [{ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }] }
}
