import type { VersionError } from '../protocol/api.ts'
import type { CallError } from '../protocol/calls.ts'
import { appLabel } from '../protocol/names.ts'
import { type Call, keyOf, type Version } from './model.ts'
import type { Notice } from './notice-model.ts'
import { REMINDER_MS } from './policy.ts'
import type { StartTrouble } from './pools.ts'

/** What people are told of, in words. An event has one id, however often and by whomever it is found out. */

export function rolloutFailed(version: Version, error: VersionError, at: number): Notice {
  return {
    ...about(version),
    id: `rollout_failed/${placeOf(version)}/${version.version}`,
    kind: 'rollout_failed',
    at,
    message: `v${version.version} of ${appLabel(version)} did not go live. ${error.message}`,
    logs: error.logs,
  }
}

/** @param version the one that was begun by itself */
export function rolledBack(version: Version): Notice {
  const { replaced, fromVersion, reason, deployedAt } = version
  return {
    ...about(version),
    id: `rolled_back/${placeOf(version)}/${version.version}`,
    kind: 'rolled_back',
    at: deployedAt,
    message: `v${replaced} of ${appLabel(version)} is rolled back to v${fromVersion}, as v${version.version}. ${reason}`,
    logs: [],
  }
}

/** @param version the one that ran it, or was to */
export function scheduledCallFailed(
  call: Call,
  version: Version | undefined,
  end: { status: 'failed' | 'timed_out'; error?: CallError },
  at: number,
): Notice {
  const how = end.status === 'timed_out' ? 'timed out' : 'failed'
  const times = call.attempts > 1 ? ` ${call.attempts} times` : ''
  const why = end.error ? ` ${end.error.name}: ${end.error.message}` : ''
  return {
    ...keyOf(call),
    ...(version && about(version)),
    id: `scheduled_call_failed/${call.id}`,
    kind: 'scheduled_call_failed',
    at,
    function: call.function,
    call: call.id,
    calledAt: call.createdAt,
    message: `A scheduled call of ${call.function} ${how}${times}.${why}`,
    logs: [],
  }
}

/** While it lasts, it is another one every few hours. */
export function cannotStart(version: Version, { last, failures }: StartTrouble, at: number): Notice {
  const { function: name, failure } = last
  return {
    ...about(version),
    id: `cannot_start/${placeOf(version)}/${version.version}/${name}/${Math.floor(at / REMINDER_MS)}`,
    kind: 'cannot_start',
    at,
    function: name,
    message: `${name} of v${version.version} cannot start: ${failures} starts in a row have failed. ${failure?.message ?? ''}`,
    logs: failure?.logs ?? [],
  }
}

const placeOf = ({ env, app }: Version): string => `${env}/${app}`

function about({ env, app, version, commit, deployedBy }: Version) {
  return { env, app, version, deployedBy, ...(commit && { commit }) }
}
