import { type App, Tags } from 'aws-cdk-lib'
import { ComputeStack } from './compute-stack.ts'
import { readContext } from './context.ts'
import { ControlStack } from './control-stack.ts'
import { DataStack } from './data-stack.ts'
import { IngressStack } from './ingress-stack.ts'
import { NetworkStack } from './network-stack.ts'

/** The stacks, by how long they live: each knows only those before it. */
export function addStacks(app: App): void {
  const context = readContext(app)
  const network = new NetworkStack(app, 'SluiceNetwork', {
    context,
    description: 'Sluice: where containers run',
  })
  const data = new DataStack(app, 'SluiceData', {
    context,
    description: 'Sluice: what outlives every release of the control plane',
  })
  const compute = new ComputeStack(app, 'SluiceCompute', {
    context,
    network,
    description: 'Sluice: what containers are made of',
  })
  const ingress = new IngressStack(app, 'SluiceIngress', {
    context,
    network,
    data,
    description: 'Sluice: where web endpoints are',
  })
  new ControlStack(app, 'SluiceControl', {
    context,
    network,
    data,
    compute,
    ingress,
    description: 'Sluice: the control plane and its API',
  })
  Tags.of(app).add('project', 'sluice')
}
