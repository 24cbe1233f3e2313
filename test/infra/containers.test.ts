import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONTAINER_PORT } from '../../platforms/aws/settings.ts'
import { rightsOf } from './statements.ts'
import { Synthesis } from './synthesis.ts'

const stacks = new Synthesis()
const { stack, Properties: task } = stacks.at('Compute/Runner/Definition')
const [runner] = task.ContainerDefinitions

test('the author’s code holds no permission', () => {
  assert.equal(stacks.text(stack, task.TaskRoleArn), 'Compute/Runner/TaskRole')
  assert.deepEqual(rightsOf(stacks).get('Compute/Runner/TaskRole'), {})
  assert.equal(stacks.at('Compute/Runner/TaskRole').Properties.ManagedPolicyArns, undefined)
})

test('ECS may write the log for a task, and fetch an image from the repository that the operator names', () => {
  const log = { 'Compute/Log': 'logs: CreateLogStream PutLogEvents' }
  assert.deepEqual(rightsOf(stacks).get('Compute/Runner/ExecutionRole'), log)
  const runnerImage = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/tools/runner@sha256:0123'
  const private_ = new Synthesis({ runnerImage })
  assert.deepEqual(rightsOf(private_).get('Compute/Runner/ExecutionRole'), {
    ...log,
    '*': 'ecr: GetAuthorizationToken',
    'arn:partition:ecr:eu-west-1:111122223333:repository/tools/runner':
      'ecr: BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer',
  })
})

test('there is one task definition, of one container, without a secret or a variable', () => {
  assert.equal(stacks.ofType('AWS::ECS::TaskDefinition').length, 1)
  assert.equal(task.ContainerDefinitions.length, 1)
  assert.equal(runner.Environment, undefined)
  assert.equal(runner.Secrets, undefined)
})

test('a container has Fargate’s longest time to end, a first process that buries others, and its own network', () => {
  assert.equal(runner.StopTimeout, 120)
  assert.equal(runner.LinuxParameters.InitProcessEnabled, true)
  assert.deepEqual(task.RequiresCompatibilities, ['FARGATE'])
  assert.equal(task.NetworkMode, 'awsvpc')
  assert.equal(runner.PortMappings[0].ContainerPort, CONTAINER_PORT)
})

test('a container can write below /tmp and nowhere else', () => {
  assert.equal(runner.ReadonlyRootFilesystem, true)
  assert.deepEqual(runner.MountPoints, [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' }])
  assert.deepEqual(task.Volumes, [{ Name: 'tmp' }])
})

test('what a container says is found by its task, and never holds it up', () => {
  const { LogDriver, Options } = runner.LogConfiguration
  assert.equal(LogDriver, 'awslogs')
  assert.equal(stacks.text(stack, Options['awslogs-group']), 'Compute/Log')
  assert.equal(Options['awslogs-stream-prefix'], 'run')
  assert.equal(runner.Name, 'runner')
  assert.equal(Options.mode, 'non-blocking')
})

test('containers are of the architecture that the operator says, arm64 unless told', () => {
  assert.equal(task.RuntimePlatform.CpuArchitecture, 'ARM64')
  const { Properties } = new Synthesis({ architecture: 'x86_64' }).at('Compute/Runner/Definition')
  assert.equal(Properties.RuntimePlatform.CpuArchitecture, 'X86_64')
})

test('containers are in public subnets with addresses of their own, unless these are to be private', () => {
  assert.deepEqual(stacks.ofType('AWS::EC2::NatGateway'), [])
  assert.equal(placement(stacks).SLUICE_TASK_PUBLIC_IP, 'ENABLED')
  const hidden = new Synthesis({ privateSubnets: 'true' })
  assert.equal(hidden.ofType('AWS::EC2::NatGateway').length, 2)
  assert.equal(placement(hidden).SLUICE_TASK_PUBLIC_IP, 'DISABLED')
  assert.match(placement(hidden).SLUICE_TASK_SUBNETS, /PrivateSubnet1.*,.*PrivateSubnet2/)
})

function placement(synthesis: Synthesis) {
  const { stack, Properties } = synthesis.at('Control/Work/Handler/Function')
  const { Variables } = Properties.Environment
  return { ...Variables, SLUICE_TASK_SUBNETS: synthesis.text(stack, Variables.SLUICE_TASK_SUBNETS) }
}
