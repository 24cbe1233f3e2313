import { type Command, Option } from 'commander'
import type { AppsUsageView, UsageView } from '../../protocol/usage-view.ts'
import type { Api } from '../../sdk/api.ts'
import { type AppReference, about, parseApp, parseVersion } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { parseTime } from '../parse-time.ts'
import { print, printJson, printNote } from '../terminal.ts'
import { localTime } from '../times.ts'
import { usageTable } from '../usage-table.ts'

/** Apps of one answer: each takes a few queries. */
const PER_PAGE = 50

/** What only the usage of one app can be asked by. */
const OF_AN_APP = ['by', 'step', 'function', 'version'] as const

interface Options extends CommonOptions, EnvOption {
  since?: string
  until?: string
  by?: 'function' | 'version'
  step?: '5m' | '1h' | '1d'
  function?: string
  version?: number
}

export function registerUsage(program: Command): void {
  withEnv(program.command('usage'))
    .description('what an app did and what it cost; without one, each app of the environment')
    .argument('[app]', 'the app', parseApp)
    .option('--since <time>', 'from then on: 24h (ago), or 2026-01-31T06:00Z (default: 24h)', parseTime)
    .option('--until <time>', 'up to then', parseTime)
    .addOption(
      new Option('--by <what>', 'a line for each of these (default: function)').choices([
        'function',
        'version',
      ]),
    )
    .addOption(new Option('--step <time>', 'a line for each so long').choices(['5m', '1h', '1d']))
    .option('--function <name>', 'of this function alone')
    .option('--version <version>', 'of this version alone', parseVersion)
    .action(async (reference: AppReference | undefined, options: Options, command: Command) => {
      const api = connect(options)
      if (reference) return showApp(api, reference, options)
      const misplaced = OF_AN_APP.find((name) => options[name] !== undefined)
      if (misplaced) command.error(`error: --${misplaced} goes with an app`)
      return showApps(api, options)
    })
}

async function showApp(api: Api, reference: AppReference, options: Options): Promise<void> {
  const { since, until, by, step, function: name, version, json } = options
  const { params, query } = about(api, reference)
  const asked = { since, until, by, step, function: name, version }
  const usage = await api.send('getUsage', { params, query: { ...query, ...asked } })
  if (json) return printJson(usage)
  const { items, total } = usage
  if (items.length === 0) return print(`${partOf(reference.app, options)} ran nothing ${extentOf(usage)}.`)
  const rows = items.map((item) => ({ title: item.function ?? `v${item.version}`, ...item }))
  if (rows.length > 1) rows.push({ title: 'Total', ...total })
  print(usageTable(by === 'version' ? 'Version' : 'Function', rows))
  note(usage)
}

/** `shop`, `shop.search`, `shop.search at v3`. */
function partOf(app: string, { function: name, version }: Options): string {
  return [name ? `${app}.${name}` : app, ...(version ? [`at v${version}`] : [])].join(' ')
}

async function showApps(api: Api, { since, until, json }: Options): Promise<void> {
  const usage = await allUsage(api, { env: api.config.env, since, until })
  if (json) return printJson(usage)
  if (usage.items.length === 0) return print('There are no apps here yet.')
  print(
    usageTable(
      'App',
      usage.items.map((item) => ({ title: item.app, ...item })),
    ),
  )
  note(usage)
}

/** All pages, as one; the time is that of the first. */
async function allUsage(api: Api, query: Record<string, string | undefined>): Promise<AppsUsageView> {
  const { cursor: next, ...usage } = await api.send('listUsage', { query: { ...query, limit: PER_PAGE } })
  for (let cursor = next; cursor !== undefined; ) {
    const page = await api.send('listUsage', { query: { ...query, limit: PER_PAGE, cursor } })
    usage.items.push(...page.items)
    cursor = page.cursor
  }
  return usage
}

type Extent = Pick<UsageView, 'since' | 'until' | 'prices'>

const extentOf = ({ since, until }: Extent): string => `from ${localTime(since)} to ${localTime(until)}`

function note(usage: Extent): void {
  const { region, architecture, asOf } = usage.prices
  printNote(
    `\n${sentence(extentOf(usage))} Costs are estimates, by list prices of ${asOf} in ${region}, on ${architecture}.`,
  )
}

const sentence = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}.`
