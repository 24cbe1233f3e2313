import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import { EventBus } from 'aws-cdk-lib/aws-events'
import type { Construct } from 'constructs'
import type { ComputeStack } from './compute-stack.ts'
import type { Context } from './context.ts'
import { Api } from './control/api.ts'
import { ApiHandlers } from './control/api-handlers.ts'
import { Collection } from './control/collection.ts'
import { ConsoleSite } from './control/console/site.ts'
import { HistoryChanges } from './control/history-changes.ts'
import { Notices } from './control/notices.ts'
import { Schedules } from './control/schedules.ts'
import { Sweep } from './control/sweep.ts'
import { TaskChanges } from './control/task-changes.ts'
import { TokenRequests } from './control/token-requests.ts'
import { Work } from './control/work.ts'
import type { DataStack } from './data-stack.ts'
import type { IngressStack } from './ingress-stack.ts'
import type { NetworkStack } from './network-stack.ts'

export interface ControlStackProps extends StackProps {
  context: Context
  network: NetworkStack
  data: DataStack
  compute: ComputeStack
  ingress: IngressStack
}

/** The control plane: replaced by every release, and holds nothing of its own. */
export class ControlStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { context, network, data, compute, ingress, ...props }: ControlStackProps,
  ) {
    super(scope, id, props)
    const bus = new EventBus(this, 'Events', { description: 'Sluice: what happens to apps' })
    const parts = { context, network, data, compute, ingress, bus }
    const schedules = new Schedules(this, 'Schedules', parts)
    const notices = new Notices(this, 'Notices', parts)
    new HistoryChanges(this, 'HistoryChanges', parts)
    const handlers = new ApiHandlers(this, 'Api', { ...parts, schedules, notices })
    const api = new Api(this, 'TokenApi', { context, handlers, auth: 'token' })
    const signedApi = new Api(this, 'SignedApi', { context, handlers, auth: 'signature' })
    new Work(this, 'Work', { ...parts, schedules, apiUrl: api.url })
    new Sweep(this, 'Sweep', parts)
    new Collection(this, 'Collection', parts)
    new TaskChanges(this, 'TaskChanges', parts)
    const tokens = new TokenRequests(this, 'TokenRequests', parts)

    if (context.console) {
      const site = new ConsoleSite(this, 'Console', { context, api, handlers })
      new CfnOutput(this, 'ConsoleUrl', { value: site.url })
    }
    new CfnOutput(this, 'ApiUrl', { value: api.url })
    new CfnOutput(this, 'SignedApiUrl', { value: signedApi.url })
    new CfnOutput(this, 'NoticeTopic', { value: notices.topic.topicArn })
    new CfnOutput(this, 'IngressUrl', { value: ingress.url })
    new CfnOutput(this, 'FirstToken', { value: tokens.command })
  }
}
