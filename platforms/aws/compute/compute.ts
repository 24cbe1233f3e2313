import {
  ConflictException,
  ECSClient,
  ECSServiceException,
  InvalidParameterException,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import type { Compute, Launch, Launched } from '../../../control/ports.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { errorReason, failureReason } from './refusals.ts'
import { runTaskInput, type TaskSettings } from './run-task.ts'
import { TaskRecords } from './task-records.ts'

/** What the task, and so the log of its end, says about why it was stopped. */
const STOP_REASON = 'Stopped by Sluice'

export function makeCompute(settings: Settings): Compute {
  return new FargateCompute({
    ecs: new ECSClient(CLIENT_SETTINGS),
    records: recordsOf(settings),
    settings,
  })
}

/** Who only stops containers keeps nothing, and is not told for how long. */
function recordsOf(settings: Settings): TaskRecords {
  const days = settings.optional('logRetentionDays')
  return new TaskRecords(resourcesTable(settings), days === undefined ? undefined : Number(days))
}

interface Parts {
  ecs: ECSClient
  records: TaskRecords
  settings: TaskSettings
}

/** A task of ECS on Fargate for each container. Its end is told by an event, see task-change.ts. */
export class FargateCompute implements Compute {
  readonly #ecs: ECSClient
  readonly #records: TaskRecords
  readonly #settings: TaskSettings

  constructor({ ecs, records, settings }: Parts) {
    this.#ecs = ecs
    this.#records = records
    this.#settings = settings
  }

  /** @throws Error if the installation does not let the control plane start tasks, or not such ones */
  async launch(launch: Launch): Promise<Launched> {
    const started = await this.#run(launch)
    if ('refused' in started) return { kind: 'refused', reason: started.refused }
    if (started.task !== undefined) await this.#records.write(launch.container, idOf(started.task))
    return { kind: 'launched' }
  }

  async stop(containerId: string): Promise<'stopping' | 'gone'> {
    const task = (await this.#records.taskOf(containerId)) ?? (await this.#findTask(containerId))
    return task === undefined ? 'gone' : this.#stopTask(task)
  }

  async #run(launch: Launch): Promise<{ task: string | undefined } | { refused: string }> {
    try {
      const input = runTaskInput(launch, this.#settings)
      const { tasks = [], failures = [] } = await this.#ecs.send(new RunTaskCommand(input))
      const task = tasks[0]?.taskArn
      return task === undefined ? { refused: failureReason(failures[0] ?? {}) } : { task }
    } catch (error) {
      // The token was used for a request that differs in what does not matter, as after an update of the installation.
      if (error instanceof ConflictException) return { task: error.resourceIds?.[0] }
      const refused = errorReason(error)
      if (refused !== undefined) return { refused }
      throw blamed(error, launch)
    }
  }

  async #stopTask(task: string): Promise<'stopping' | 'gone'> {
    try {
      const { cluster } = this.#settings
      const answer = await this.#ecs.send(new StopTaskCommand({ cluster, task, reason: STOP_REASON }))
      return answer.task?.lastStatus === 'STOPPED' ? 'gone' : 'stopping'
    } catch (error) {
      // ECS forgets a stopped task after an hour.
      if (error instanceof InvalidParameterException && /task was not found/.test(error.message))
        return 'gone'
      throw error
    }
  }

  /** Of a launch that nobody saw succeed. */
  async #findTask(containerId: string): Promise<string | undefined> {
    const { cluster } = this.#settings
    const { taskArns = [] } = await this.#ecs.send(new ListTasksCommand({ cluster, startedBy: containerId }))
    return taskArns[0]
  }
}

function blamed(error: unknown, { container }: Launch): unknown {
  if (!(error instanceof ECSServiceException)) return error
  const why = `${error.name}: ${error.message.replace(/\.$/, '')}`
  return new Error(
    `ECS refused to start container ${container.id}, as the installation is not how it was deployed: ${why}. Deploy the stacks again.`,
    { cause: error },
  )
}

const idOf = (arn: string): string => arn.split('/').at(-1) ?? arn
