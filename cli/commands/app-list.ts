import type { Command } from 'commander'
import type { AppView } from '../../protocol/app-view.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

export function registerAppList(app: Command): void {
  withEnv(app.command('list'))
    .description('apps, what is live and what it runs in')
    .action(async (options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const apps = await allPages(api, 'listApps', { query: { env: api.config.env } })
      if (options.json) printJson(apps)
      else if (apps.items.length === 0) print(noApps(api.config.env))
      else print(appTable(apps.items))
    })
}

function noApps(env: string | undefined): string {
  const where = env === undefined ? '' : ` in environment "${env}"`
  return `There are no apps${where} yet. Deploy one with "sluice deploy FILE".`
}

function appTable(apps: AppView[]): string {
  return table(apps, [
    ['App', ({ name }) => name],
    ['State', stateOf],
    ['Live', ({ liveVersion }) => liveVersion && `v${liveVersion}`],
    ['Containers', ({ containers }) => containerCount(containers)],
    ['Created', ({ createdAt }) => localTime(createdAt)],
    ['Tags', ({ tags }) => tagsText(tags)],
    ['URL', ({ urls }) => Object.values(urls).join(' ')],
  ])
}

/** What goes away by itself is told apart. */
export function stateOf({ state, ephemeral }: Pick<AppView, 'state' | 'ephemeral'>): string {
  return ephemeral && state === 'deployed' ? 'ephemeral' : state
}

export function tagsText(tags: AppView['tags'] = {}): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** Those that take work, and then those that are on their way in or out. */
export function containerCount({ starting, ready, draining }: AppView['containers']): string {
  const aside = [starting > 0 && `${starting} starting`, draining > 0 && `${draining} draining`].filter(
    Boolean,
  )
  return aside.length > 0 ? `${ready} (${aside.join(', ')})` : String(ready)
}
