import type { RolloutStep } from '../protocol/api.ts'
import type { LogLine } from '../protocol/log-line.ts'
import type { SystemLine } from './log-port.ts'
import type { App, Container, Version } from './model.ts'
import { sentence } from './sentence.ts'

/**
 * What an app's log says of its rollouts, beside what containers print. A line is written before the change that it tells
 * of is on record, so that none is missing after a crash; its id makes the second telling none.
 */

type Told = Pick<Version, 'version' | 'status' | 'steps' | 'deployedAt' | 'deployedBy' | 'origin'> &
  Pick<Version, 'fromVersion' | 'commit' | 'tag' | 'reason' | 'replaced'>

const SHORT_HASH = 7
/** How many lines there may be about one container. */
export const CONTAINER_EVENTS = 3

/** That a rollout has come so far; with the first line of a version comes that it began. */
export function stepTold(
  version: Told,
  { step, state }: Pick<RolloutStep, 'step' | 'state'>,
  { at, detail }: { at: number; detail?: string | undefined },
): SystemLine[] {
  const words = STEPS[`${step} ${state}`]?.(version, detail)
  return words === undefined ? [] : told(version, `${step}-${state}`, at, words)
}

export function superseded(version: Told, why: string, at: number): SystemLine[] {
  const { version: number, status } = version
  const what = status === 'staged' ? 'is staged no more' : 'was given up'
  return told(version, 'superseded', at, `v${number} ${what}: ${why}.`)
}

/** That something holds up the rollout; each reason once. */
export function blocked(version: Told, at: number, detail: string): SystemLine[] {
  return told(version, `blocked/${detail}`, at, `v${version.version} cannot go on: ${detail}`)
}

export function containerTold(
  container: Container,
  event: 'starts' | 'drains' | 'stopped',
  why: string,
  at: number,
): SystemLine {
  const { id, function: name, version } = container
  return { id: `${id}/${event}`, at, function: name, version, container: id, line: `Container ${id} ${why}.` }
}

/** Whether the line tells of the container, and is not its own. */
export const isTold = ({ id }: Container, line: LogLine): boolean => line.id?.startsWith(`${id}/`) === true

export function stopping({ stoppedAt = 0, stoppedBy, stopReason }: App): SystemLine {
  const by = stoppedBy === undefined ? '' : ` by ${stoppedBy}`
  const line = `The app is being stopped${by}${because(stopReason)}.`
  return { id: `stop/${stoppedAt}/begun`, at: stoppedAt, line }
}

export function stopped({ stoppedAt = 0 }: App, at: number): SystemLine {
  return { id: `stop/${stoppedAt}/done`, at, line: 'The app is stopped.' }
}

type InWords = (version: Told, detail: string | undefined) => string | undefined

const STEPS: Record<string, InWords> = {
  'start running': ({ version }) => `v${version} starts its containers.`,
  'drain running': ({ version }) => `v${version} has older containers leave first.`,
  'check failed': ({ version }) => `v${version} did not pass its check.`,
  'check done': ({ version }) => `v${version} has passed its check.`,
  'ready done': ({ version }) => `v${version} is ready.`,
  'prepare done': ({ version }) => `v${version} is staged: whoever asks for it reaches it.`,
  'cutover done': ({ version }) => `v${version} is live: calls and requests go to it from now on.`,
  'drain done': ({ version, replaced }) =>
    replaced === undefined ? undefined : `All older containers have left: v${version} alone runs.`,
  'gate failed': ({ version }, detail) => `v${version} fails too often: ${detail}`,
  'fail failed': ({ version, replaced }, detail) =>
    `v${version} failed: ${sentence(detail ?? 'its rollout did not succeed')}${replaced === undefined ? '' : ` v${replaced} goes on.`}`,
}

function told(version: Told, event: string, at: number, line: string): SystemLine[] {
  // By clocks that differ, or a look that began before the version did, it would come before its own beginning.
  const since = Math.max(at, version.deployedAt)
  const about = { id: `v${version.version}/${event}`, at: since, version: version.version, line }
  return version.steps.length === 0 ? [begun(version), about] : [about]
}

function begun({
  version,
  origin,
  fromVersion,
  deployedAt,
  deployedBy,
  tag,
  commit,
  reason,
}: Told): SystemLine {
  const of = fromVersion === undefined ? '' : ` of v${fromVersion}`
  const hash = commit && `commit ${commit.hash.slice(0, SHORT_HASH)}${commit.dirty ? ' with changes' : ''}`
  const marks = [hash, tag && `tag ${tag}`].filter((mark) => mark !== undefined)
  const marked = marks.length > 0 ? ` (${marks.join(', ')})` : ''
  const line = `v${version} begins: ${origin}${of} by ${deployedBy}${marked}${because(reason)}.`
  return { id: `v${version}/begun`, at: deployedAt, version, line }
}

const because = (reason: string | undefined): string =>
  reason === undefined ? '' : `, because: ${reason.replace(/\.$/, '')}`
