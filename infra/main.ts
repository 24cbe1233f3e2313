import { App } from 'aws-cdk-lib'
import { DataStack } from './data-stack.ts'

const app = new App()
new DataStack(app, 'SluiceData', { description: 'Sluice: what outlives every release of the control plane' })
