import type { RolloutStep, VersionView } from '../protocol/api.ts'
import { DEFAULT_ENV } from '../protocol/app-key.ts'
import type { AppView } from '../protocol/app-view.ts'
import type { Api } from '../sdk/api.ts'
import { follow } from '../sdk/deploy/rollout.ts'
import { type CommonOptions, FAILED } from './conventions.ts'
import { clearStatus, print, printDone, printFailure, printJson, printNote, showStatus } from './terminal.ts'
import { localTime } from './times.ts'

const DOING: Record<RolloutStep['step'], string> = {
  prepare: 'Preparing',
  start: 'Starting containers',
  check: 'Checking new containers',
  ready: 'Waiting until containers are ready',
  cutover: 'Handing over',
  gate: 'Watching errors',
  drain: 'Draining old containers',
  fail: 'Giving up',
}

export interface Rollout {
  begun: VersionView
  /** What was done, such as "App deployed!". */
  done: string
  /** When the command began, by `performance.now()`. */
  startedAt: number
}

/** Follows a version until it is live, or will not be, and says so. A failure is left in the exit code. */
export async function reportRollout(api: Api, rollout: Rollout, options: CommonOptions): Promise<void> {
  const version = await follow(api, rollout.begun, ({ rollout: steps }) => {
    const step = steps.at(-1)
    if (step) showStatus(`${DOING[step.step]}…`)
  })
  if (version.status === 'staged') return reportStaged(version, rollout, options)
  const app = version.liveAt === undefined ? await appOf(api, version) : undefined
  clearStatus()
  const fault = faultOf(version)
  const hasFailed =
    fault !== undefined || version.status === 'failed' || (app !== undefined && app.state !== 'deployed')
  if (hasFailed) process.exitCode = FAILED
  if (options.json) printJson(version)
  else if (fault !== undefined) printFailure(`v${version.version} is live, but not all of it: ${fault}`)
  else if (app === undefined) reportLive(version, rollout)
  else if (hasFailed) reportFailed(version, app.liveVersion)
  else reportSuperseded(version, app)
}

function reportStaged(version: VersionView, { done, startedAt }: Rollout, options: CommonOptions): void {
  const fault = faultOf(version)
  clearStatus()
  if (fault !== undefined) process.exitCode = FAILED
  if (options.json) printJson(version)
  else if (fault !== undefined) printFailure(`v${version.version} is staged, but cannot be reached: ${fault}`)
  else {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    printDone(`${done} v${version.version} staged in ${seconds}s. What is live stays as it is.`)
    print()
    print(`Promote it: sluice app promote ${reference(version)} v${version.version}`)
  }
}

const reference = ({ env, app }: VersionView): string => (env === DEFAULT_ENV ? app : `${env}/${app}`)

/** What the platform could not do for it. */
function faultOf({ rollout, status }: VersionView): string | undefined {
  const awaited = status === 'staged' ? 'prepare' : 'cutover'
  const last = rollout.findLast(({ step }) => step === awaited)
  return last?.state === 'failed' ? last.detail : undefined
}

function reportLive(version: VersionView, { done, startedAt }: Rollout): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  printDone(`${done} v${version.version} live in ${seconds}s 🎉`)
  if (version.gate?.state === 'open') print(watched(version.gate))
  if (version.page === undefined) return
  print()
  print(`View Deployment: ${version.page}`)
}

/** Says why a version did not go live, and what serves instead. */
function watched({ until, errorRate, minCalls }: NonNullable<VersionView['gate']>): string {
  return `Watched until ${localTime(until)}: it is rolled back by itself if more than ${errorRate * 100} % of at least ${minCalls} calls and requests fail.`
}

export function reportFailed({ app, version, error }: VersionView, liveVersion: number | undefined): void {
  const why = error?.message ?? `${app} was stopped before it could.`
  printFailure(`v${version} did not go live: ${why}`)
  // What a container threw is often both the reason and the last that it wrote.
  const said = why.split('\n')
  const isSaid = (line: string) => said.some((part) => part === line || part.endsWith(`: ${line}`))
  for (const line of error?.logs ?? []) if (!isSaid(line)) printNote(`  ${line}`)
  printNote(liveVersion === undefined ? 'No version is live.' : `v${liveVersion} keeps serving.`)
}

/** A newer version came before it went live: what was wanted is on its way, under a later number. */
function reportSuperseded({ version }: VersionView, { lastRollout }: AppView): void {
  const by = lastRollout === undefined ? 'a newer version' : `v${lastRollout.version}`
  printDone(`v${version} was superseded by ${by} before it went live.`)
}

function appOf(api: Api, { app, env }: VersionView): Promise<AppView> {
  return api.send('getApp', { params: { app }, query: { env } })
}

/** Says which settings that somebody has made by hand the version takes back. */
export function noteEndedOverrides({ endedOverrides = [] }: VersionView): void {
  for (const { function: name, field, before, after } of endedOverrides)
    printNote(`${field} of ${name} will be ${after} again, as the file says: ${before} was set by hand.`)
}
