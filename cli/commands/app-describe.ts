import type { Command } from 'commander'
import type { VersionView } from '../../protocol/api.ts'
import type { AppView, DrainRow } from '../../protocol/app-view.ts'
import { own } from '../../protocol/own.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printJson, styled } from '../terminal.ts'
import { age, localTime, span } from '../times.ts'
import { describeSchedule } from '../tree.ts'
import { containerCount, stateOf, tagsText } from './app-list.ts'

type FunctionView = AppView['functions'][number]

export function registerAppDescribe(app: Command): void {
  withEnv(app.command('describe'))
    .description('what an app is made of, and what each of its versions still runs')
    .argument('<app>', 'the app', parseApp)
    .action(async (reference: AppReference, options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const view = await api.send('getApp', about(api, reference))
      if (options.json) printJson(view)
      else print(describeApp(view))
    })
}

function describeApp(view: AppView): string {
  const sections = [
    summary(view),
    ...(view.functions.length > 0 ? [heading('Functions'), functionTable(view)] : []),
    ...(view.staged?.length ? [heading('Staged versions'), stagedTable(view.staged)] : []),
    ...(view.versions?.length ? [heading('Versions with containers'), drainBoard(view.versions)] : []),
  ]
  return sections.join('\n')
}

const heading = (text: string): string => `\n${styled('underline', text)}`

function summary({ name, env, liveVersion, createdAt, tags, ...view }: AppView): string {
  const live = liveVersion === undefined ? '' : `, v${liveVersion} live`
  const tagged = tags === undefined ? '' : `\nTags: ${tagsText(tags)}`
  return `${styled('bold', name)} in ${env}: ${stateOf(view)}${live}, created ${localTime(createdAt)}${stopped(view)}${tagged}`
}

function stopped({ stoppedAt, stoppedBy, stopReason }: Partial<AppView>): string {
  if (stoppedAt === undefined) return ''
  const by = stoppedBy === undefined ? '' : ` by ${stoppedBy}`
  return `, stopped ${localTime(stoppedAt)}${by}${stopReason === undefined ? '' : `: ${stopReason}`}`
}

function functionTable({ functions, urls }: AppView): string {
  return table(functions, [
    ['Function', ({ name }) => name],
    [
      'Reached by',
      ({ name, spec }) => own(urls, name) ?? (spec.schedule ? describeSchedule(spec.schedule) : 'calls'),
    ],
    ['CPU', ({ spec }) => spec.cpu],
    ['Memory', ({ spec }) => `${spec.memory} MiB`],
    ['Containers', ({ spec }) => `${spec.minContainers} to ${spec.maxContainers}`],
    ['Set by hand', ({ overrides = {} }) => Object.keys(overrides).join(' ')],
    ['Concurrency', ({ spec }) => spec.concurrency],
    ['Timeout', ({ spec }) => span(spec.timeout)],
    ['Retries', ({ spec }) => spec.retries.max],
    ['Mounts', ({ spec }) => spec.mounts.map(({ at }) => at).join(' ')],
    ['Calls', workOf],
  ])
}

function workOf({ pending, running }: FunctionView): string {
  return [running && `${running} running`, pending && `${pending} pending`].filter(Boolean).join(', ')
}

function stagedTable(staged: VersionView[]): string {
  const rows = staged.flatMap((version) => {
    const urls = Object.entries(version.urls)
    return urls.length > 0
      ? urls.map(([name, url]) => ({ version, name, url }))
      : [{ version, name: '', url: '' }]
  })
  return table(rows, [
    ['Version', ({ version }) => `v${version.version}`],
    ['Time deployed', ({ version }) => localTime(version.deployedAt)],
    ['Deployed by', ({ version }) => version.deployedBy],
    ['Function', ({ name }) => name],
    ['Reached by', ({ url, version }) => url || `calls with --version ${version.version}`],
  ])
}

/** Which versions still have containers, what those are busy with, and until when they may be. */
function drainBoard(rows: DrainRow[]): string {
  return table(rows, [
    ['Version', ({ version }) => `v${version}`],
    ['State', ({ state }) => state],
    ['Containers', ({ containers }) => containerCount(containers)],
    ['Calls', ({ calls }) => calls],
    ['Requests', ({ requests }) => requests],
    ['Oldest', ({ oldest }) => oldest && age(oldest)],
    ['Stopped by', ({ deadline }) => deadline && localTime(deadline)],
  ])
}
