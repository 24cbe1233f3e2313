import type { Command } from 'commander'
import type { ContainerView } from '../../protocol/api.ts'
import { type AppReference, about, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

/** Of those that stopped there may be thousands. */
const LATELY = 50

interface Options extends CommonOptions, EnvOption {
  all?: true
}

export function registerContainerList(container: Command): void {
  withEnv(container.command('list'))
    .description('containers of an app')
    .argument('<app>', 'the app', parseApp)
    .option('-a, --all', 'with those that stopped lately')
    .action(async (reference: AppReference, options: Options) => {
      const api = connect(options)
      const { params, query } = about(api, reference)
      const containers = await allPages(api, 'listContainers', { params, query })
      if (options.all) {
        const stopped = { ...query, state: 'stopped', limit: LATELY }
        containers.items.push(...(await api.send('listContainers', { params, query: stopped })).items)
      }
      if (options.json) printJson(containers)
      else if (containers.items.length === 0) print(`${reference.app} has no containers.`)
      else print(containerTable(containers.items))
    })
}

function containerTable(containers: ContainerView[]): string {
  return table(containers, [
    ['Container', ({ id }) => id],
    ['Function', (container) => container.function],
    ['Version', ({ version }) => `v${version}`],
    ['State', ({ state }) => state],
    ['Calls', ({ running }) => running],
    ['Requests', ({ requests }) => requests],
    ['Started', ({ startedAt }) => localTime(startedAt)],
    ['Reason', ({ reason }) => reason],
  ])
}
