import type { RunTaskCommandInput } from '@aws-sdk/client-ecs'
import type { Launch } from '../../../control/ports.ts'
import { toVariables } from '../../../protocol/environment.ts'
import { CONTAINER_PORT, type Settings } from '../settings.ts'

/** The only container of the task definition. */
export const RUNNER = 'runner'
/** Below what the image declares to be written. */
const ROOT = '/tmp/sluice'
const CPU_UNITS = 1_024

export type TaskSettings = Pick<
  Settings,
  'apiUrl' | 'cluster' | 'taskDefinition' | 'taskSubnets' | 'taskSecurityGroup' | 'taskPublicIp'
>

/**
 * Starts a container's task. All that makes one container differ from another is said here, so that a deploy needs no
 * task definition of its own. The container's id is the token too: asked twice, ECS starts it once.
 */
export function runTaskInput(
  { container, spec, token }: Launch,
  settings: TaskSettings,
): RunTaskCommandInput {
  const { id, env, app, function: name, version } = container
  const variables = toVariables({
    apiUrl: settings.apiUrl,
    containerId: id,
    token,
    root: ROOT,
    host: '0.0.0.0',
    port: CONTAINER_PORT,
    memory: spec.memory,
  })
  return {
    cluster: settings.cluster,
    taskDefinition: settings.taskDefinition,
    clientToken: id,
    startedBy: id,
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: settings.taskSubnets.split(','),
        securityGroups: [settings.taskSecurityGroup],
        assignPublicIp: settings.taskPublicIp === 'ENABLED' ? 'ENABLED' : 'DISABLED',
      },
    },
    overrides: {
      cpu: String(spec.cpu * CPU_UNITS),
      memory: String(spec.memory),
      containerOverrides: [
        {
          name: RUNNER,
          environment: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
        },
      ],
    },
    tags: Object.entries({ env, app, function: name, version }).map(([key, value]) => ({
      key: `sluice:${key}`,
      value: String(value),
    })),
    propagateTags: 'TASK_DEFINITION',
    enableECSManagedTags: true,
  }
}
