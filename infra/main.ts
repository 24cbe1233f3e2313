import { App } from 'aws-cdk-lib'
import { addStacks } from './installation.ts'

addStacks(new App())
