import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Action } from './action.ts'
import { drainAll } from './drain.ts'
import { checkOf, hasCheck } from './gate.ts'
import type { Container, Version } from './model.ts'
import type { Observation } from './observation.ts'
import { FAILED_STARTS, RECREATE_GRACE_MS, ROLLOUT_SLACK_MS } from './policy.ts'
import { activeIn, makeRoom, startTrouble } from './pools.ts'
import type { Revisits } from './revisits.ts'
import { desiredContainers, loadOf } from './scale.ts'
import { hasStep, reached } from './steps.ts'

export interface Rollout {
  actions: Action[]
  /** The version that goes live now. */
  cutOver?: Version
}

/** What the newest wish needs next: give up older ones, start its containers, wait for them, cut over. */
export function rollOut(seen: Observation, later: Revisits): Rollout {
  const candidate = seen.rolling.at(-1)
  if (!candidate) return { actions: [] }
  const given = seen.rolling
    .filter((version) => version !== candidate)
    .map(({ version }) => overtaken(version, candidate.version))
  const live = seen.app.liveVersion ?? 0
  if (candidate.version <= live) return { actions: [...given, overtaken(candidate.version, live)] }
  const { actions, cutOver } = advance(seen, candidate, later)
  // Noted before the versions that were overtaken are given up: with them their own notes are out of sight.
  const letGo = hasLetGo(seen) ? reached(candidate, 'drain', 'running') : []
  return { actions: [...letGo, ...given, ...actions], ...(cutOver && { cutOver }) }
}

const overtaken = (version: number, by: number): Action => ({
  do: 'supersede',
  version,
  reason: `v${by} was deployed meanwhile`,
})

function advance(seen: Observation, candidate: Version, later: Revisits): Rollout {
  const failure = failureOf(seen, candidate, later)
  if (failure) return { actions: [...checkFailed(seen, candidate), failure] }
  const needs = needsOf(seen, candidate)
  if (candidate.strategy === 'recreate') {
    const old = seen.containers.filter(({ version, apart }) => version !== candidate.version && !apart)
    if (old.length > 0) {
      const drains = drainAll(old, seen.now + RECREATE_GRACE_MS, `makes way for v${candidate.version}`)
      return { actions: [...reached(candidate, 'drain', 'running'), ...drains] }
    }
  }
  const missing = needs.filter(({ ready, wanted }) => ready < wanted)
  if (missing.length > 0) {
    const actions = missing.flatMap((need) => startFor(seen, candidate, need, later))
    const makesRoom = actions.some((action) => action.do === 'drain')
    const drain = makesRoom ? reached(candidate, 'drain', 'running') : []
    return { actions: [...reached(candidate, 'start', 'running'), ...drain, ...actions] }
  }
  const awaken = seen.containers.filter(({ version }) => version === candidate.version).map(({ id }) => id)
  const steps =
    needs.length > 0
      ? [
          ...reached(candidate, 'start', 'done'),
          ...checkPassed(candidate),
          ...reached(candidate, 'ready', 'done'),
        ]
      : []
  const go: Action = {
    do: 'cutOver',
    version: candidate.version,
    awaken,
    ...(needs.length === 0 && { untried: true }),
  }
  return { actions: [...steps, go], cutOver: candidate }
}

interface Need {
  name: string
  spec: FunctionSpec
  wanted: number
  /** Active containers of the candidate. */
  active: number
  ready: number
  /** Active containers of other versions. */
  old: Container[]
}

/** The pools that must be ready before the cutover: the warm ones, those that are in use now, and those with a check. */
function needsOf(seen: Observation, candidate: Version): Need[] {
  const needs: Need[] = []
  for (const [name, spec] of Object.entries(candidate.manifest.functions)) {
    const own = activeIn(seen, name, candidate.version)
    const old = activeIn(seen, name).filter((container) => container.version !== candidate.version)
    const inUse = replacements(seen, { name, spec, own, old })
    const isAsked = checkOf(candidate.manifest, name) !== undefined
    const least = isAsked || mustProve(seen, candidate, name, own) ? 1 : 0
    const wanted = Math.min(spec.maxContainers, Math.max(spec.minContainers, inUse, least))
    if (wanted === 0) continue
    // Old containers keep their places until the cutover; with none to spare, one place has to do.
    const room = Math.max(1, spec.maxContainers - old.length)
    const ready = own.filter((container) => container.state === 'ready').length
    needs.push({ name, spec, wanted: Math.min(wanted, room), active: own.length, ready, old })
  }
  return needs.length === 0 && hasStep(candidate, 'start', 'running') ? anyOne(seen, candidate) : needs
}

/**
 * A start was begun and is not to be seen: it may be on its way still, or died unnoticed. What it was for has gone, so
 * any start will do to show that the version can, and the other is seen meanwhile.
 */
function anyOne(seen: Observation, candidate: Version): Need[] {
  const pools = Object.entries(candidate.manifest.functions).map(([name, spec]): Need => {
    const old = activeIn(seen, name).filter(({ version }) => version !== candidate.version)
    return { name, spec, wanted: 1, active: 0, ready: 0, old }
  })
  const spare = pools.find(({ spec, old }) => old.length < spec.maxContainers)
  return spare ? [spare] : pools.slice(0, 1)
}

/** Containers that callers would wait for after the cutover if they were started only then. */
function replacements(
  seen: Observation,
  { name, spec, own, old }: Pick<Need, 'name' | 'spec' | 'old'> & { own: Container[] },
): number {
  // One that still starts counts, too: requests wait for it, and a newer version must not begin their wait anew.
  const live = old.filter(({ version }) => version === seen.app.liveVersion)
  if (spec.kind === 'web') return live.length
  // Asked for once: how many are at work changes by the second, and each one more would begin the wait anew.
  if (own.length > 0) return own.length
  const atWork = Math.max(1, desiredContainers({ spec, isLive: true }, loadOf(seen, name, live)))
  // Calls can wait, so no old container has to leave for it.
  return Math.max(0, Math.min(live.length, atWork, spec.maxContainers - old.length))
}

/** What was let go must come back; and a start that was tried must succeed, though what it was for may be gone. */
function mustProve(seen: Observation, candidate: Version, name: string, own: Container[]): boolean {
  const tried =
    own.length > 0 ||
    seen.failed.some(({ version, function: of }) => version === candidate.version && of === name)
  const isWeb = candidate.manifest.functions[name]?.kind === 'web'
  return tried || (isWeb && hasLetGo(seen))
}

/** Whether a rollout, or one that it has overtaken, had old containers leave before the cutover. */
function hasLetGo({ rolling }: Observation): boolean {
  return rolling.some(({ steps }) => steps.some(({ step }) => step === 'drain'))
}

function startFor(seen: Observation, candidate: Version, need: Need, later: Revisits): Action[] {
  const room = need.spec.maxContainers - need.old.length - need.active
  const missing = need.wanted - need.active
  if (missing <= 0 || isRefused(seen, candidate, need, later)) return []
  if (room > 0) return starts(need, candidate, Math.min(missing, room))
  return need.active > 0 ? [] : makeRoom(seen, need.old, candidate.version)
}

/** Where there was no room for the last start, the next one waits a little. */
function isRefused(seen: Observation, candidate: Version, need: Need, later: Revisits): boolean {
  const trouble = startTrouble(seen, need.name, candidate.version)
  return trouble?.last.failure?.kind === 'refused' && !later.isDue(trouble.retryAt)
}

function starts(need: Need, { version }: Version, count: number): Action[] {
  return Array.from({ length: count }, (_, i) => ({
    do: 'start',
    function: need.name,
    version,
    active: need.active + i,
    max: need.spec.maxContainers,
  }))
}

const isOfCheck = ({ failure }: Container): boolean => failure?.kind === 'check'

function checkFailed(seen: Observation, candidate: Version): Action[] {
  const failed = seen.failed.some((one) => one.version === candidate.version && isOfCheck(one))
  return failed ? reached(candidate, 'check', 'failed') : []
}

const checkPassed = (candidate: Version): Action[] =>
  hasCheck(candidate.manifest) ? reached(candidate, 'check', 'done') : []

/** A version that cannot start: it crashed too often, one start took too long, or its time is up. */
function failureOf(seen: Observation, candidate: Version, later: Revisits): Action | undefined {
  const own = seen.failed.filter(({ version }) => version === candidate.version)
  // What there was no room for says nothing about the version: there is time to try again.
  const failed = own.filter(({ failure }) => failure?.kind !== 'refused')
  // Its container has tried for long enough.
  const unfit = failed.find(isOfCheck)
  if (unfit) return failedCheck(unfit)
  const [last] = failed
  const lastWords = last?.failure
  const timedOut = failed.some(({ failure }) => failure?.kind === 'timeout')
  if (last && (failed.length >= FAILED_STARTS || timedOut)) {
    const message = timedOut
      ? `${last.function} did not become ready: ${lastWords?.message}`
      : `${last.function} could not start: ${lastWords?.message}`
    const code = timedOut ? 'not_ready' : 'crashed'
    return { do: 'fail', version: candidate.version, error: { code, message, logs: lastWords?.logs ?? [] } }
  }
  const begun = candidate.steps.find(({ step }) => step === 'start')
  if (!begun) return undefined
  const slowest = Math.max(
    ...Object.values(candidate.manifest.functions).map(({ startupTimeout }) => startupTimeout),
  )
  const limit = slowest * 1000 + ROLLOUT_SLACK_MS + seen.launchMs
  if (!later.isDue(Date.parse(begun.at) + limit)) return undefined
  const refusal = own[0]?.failure?.kind === 'refused' ? ` ${own[0].failure.message}` : ''
  const message = `v${candidate.version} was not ready within ${limit / 1000} s.${refusal}`
  return {
    do: 'fail',
    version: candidate.version,
    error: { code: 'not_ready', message, logs: lastWords?.logs ?? [] },
  }
}

function failedCheck({ function: name, version, failure }: Container): Action {
  const message = `${name} did not pass its check: ${failure?.message}`
  return { do: 'fail', version, error: { code: 'check_failed', message, logs: failure?.logs ?? [] } }
}
