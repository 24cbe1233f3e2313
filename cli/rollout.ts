import type { RolloutStep, VersionView } from '../protocol/api.ts'
import type { Api } from '../sdk/api.ts'
import { follow } from '../sdk/deploy/rollout.ts'
import { type CommonOptions, FAILED } from './conventions.ts'
import { clearStatus, print, printDone, printFailure, printJson, printNote, showStatus } from './terminal.ts'

const DOING: Record<RolloutStep['step'], string> = {
  prepare: 'Preparing',
  start: 'Starting containers',
  ready: 'Waiting until containers are ready',
  cutover: 'Handing over',
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
export async function reportRollout(api: Api, rollout: Rollout, { json }: CommonOptions): Promise<void> {
  const version = await follow(api, rollout.begun, ({ rollout: steps }) => {
    const step = steps.at(-1)
    if (step) showStatus(`${DOING[step.step]}…`)
  })
  clearStatus()
  if (version.status === 'failed') process.exitCode = FAILED
  if (json) printJson(version)
  else if (version.status === 'failed') await reportFailed(api, version)
  else if (version.liveAt === undefined) await reportSuperseded(api, version)
  else reportLive(api, version, rollout)
}

function reportLive(api: Api, version: VersionView, { done, startedAt }: Rollout): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  printDone(`${done} v${version.version} live in ${seconds}s 🎉`)
  print()
  print(`View Deployment: ${appPage(api, version)}`)
}

/** A newer version went live first: what was wanted is there, only under a later number. */
async function reportSuperseded(api: Api, version: VersionView): Promise<void> {
  const live = await liveVersion(api, version)
  const by = live === undefined ? 'because the app was stopped' : `by v${live}`
  printDone(`v${version.version} was superseded ${by} before it went live.`)
}

async function reportFailed(api: Api, version: VersionView): Promise<void> {
  const live = await liveVersion(api, version)
  printFailure(`v${version.version} did not go live: ${version.error?.message ?? 'its rollout failed.'}`)
  for (const line of version.error?.logs ?? []) printNote(`  ${line}`)
  printNote(live === undefined ? 'No version is live.' : `v${live} keeps serving.`)
}

async function liveVersion(api: Api, { app, env }: VersionView): Promise<number | undefined> {
  return (await api.send('getApp', { params: { app }, query: { env } })).liveVersion
}

export function appPage(api: Api, { app, env }: Pick<VersionView, 'app' | 'env'>): string {
  return `${api.config.url}/apps/${env}/${app}`
}
