import type { RolloutStep, VersionError } from '../protocol/api.ts'
import type { CallError } from '../protocol/calls.ts'
import type { SystemLine } from './log-port.ts'
import type { Container, ContainerFailure } from './model.ts'
import type { Notice } from './notice-model.ts'
import type { Endpoint, Target } from './ports.ts'
import type { WishedSchedule } from './set-schedules.ts'

/** One step towards what is wished. */
export type Action =
  | { do: 'tell'; lines: SystemLine[] }
  | { do: 'step'; version: number; step: RolloutStep['step']; state: RolloutStep['state'] }
  | { do: 'supersede'; version: number; reason: string }
  | { do: 'fail'; version: number; error: VersionError }
  /** Nothing that comes after it in the plan is done unless it succeeds. `untried`: without a container of it ever started. */
  | { do: 'cutOver'; version: number; awaken: string[]; untried?: true }
  | { do: 'start'; function: string; version: number; active: number; max: number }
  | { do: 'launch'; container: Container }
  | { do: 'drain'; container: string; deadline: number; reason: string }
  | { do: 'kill'; container: string }
  /** It has not become ready in time. */
  | { do: 'abandon'; container: Container; failure: ContainerFailure }
  | { do: 'point'; endpoint: Endpoint; targets: Target[]; fault?: string }
  | { do: 'unroute'; turn: number; keepLabels: string[] }
  | { do: 'schedule'; version: number; turn: number; entries: WishedSchedule[] }
  | { do: 'pin'; function: string }
  | { do: 'failCalls'; function: string; pin?: number; error: CallError }
  /** Those of versions up to `through`: whatever was accepted since is not meant. */
  | { do: 'cancelCalls'; function: string; pin?: number; through: number; why: string }
  | { do: 'raise'; notice: Notice }
  /** Nobody asked for it. */
  | { do: 'rollBack'; version: number; reason: string }
  | { do: 'settle'; version: number; stagings: number; labels: string[] }
  /** The lease of an ephemeral app has ended. */
  | { do: 'expire' }
  | { do: 'finishStop' }
  | { do: 'collect' }

/**
 * What an action came to: `changed` asks for a new plan, `refused` also ends this one; `pending` asks for it in a moment,
 * `blocked` once somebody may have made room.
 */
export type Effect = 'none' | 'changed' | 'refused' | 'pending' | 'blocked'
