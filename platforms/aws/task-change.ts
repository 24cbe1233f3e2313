import { constants } from 'node:os'
import * as z from 'zod'
import type { ProcessExit } from '../../control/containers.ts'
import { RUNNER } from './compute/run-task.ts'

/** A shell's and a container engine's way to say which signal a process died of. */
const SIGNAL_BASE = 128

/** What we read of it: Amazon ECS Developer Guide, "Amazon ECS task state change events". */
const TaskStateChange = z.object({
  'detail-type': z.literal('ECS Task State Change'),
  detail: z.object({
    lastStatus: z.string(),
    startedBy: z.string().optional(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    containers: z
      .array(z.object({ name: z.string(), exitCode: z.int().optional(), reason: z.string().optional() }))
      .default([]),
  }),
})
type Task = z.infer<typeof TaskStateChange>['detail']

/**
 * Which container has stopped, and how; undefined for tasks that have not, or that we did not start.
 * @throws ZodError if it is no such event
 */
export function readTaskChange(event: unknown): { id: string; exit: ProcessExit } | undefined {
  const { detail: task } = TaskStateChange.parse(event)
  if (task.lastStatus !== 'STOPPED' || !task.startedBy?.startsWith('co-')) return undefined
  return { id: task.startedBy, exit: exitOf(task) }
}

function exitOf(task: Task): ProcessExit {
  const runner = task.containers.find(({ name }) => name === RUNNER)
  const reason = runner?.reason ?? reasonOf(task)
  return {
    ...(runner?.exitCode !== undefined && { ...codeOrSignal(runner.exitCode) }),
    ...(reason !== undefined && { reason }),
  }
}

/** That its only container has ended is no reason. */
function reasonOf({ stopCode, stoppedReason }: Task): string | undefined {
  return stopCode === 'EssentialContainerExited' ? undefined : stoppedReason
}

function codeOrSignal(code: number): ProcessExit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - SIGNAL_BASE)
  return signal ? { signal: signal[0] } : { code }
}
