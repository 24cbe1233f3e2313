import type { Command } from 'commander'
import type { CollectedItem, CollectedUnused } from '../../protocol/collection.ts'
import type { Api } from '../../sdk/api.ts'
import { type AppReference, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  dryRun?: boolean
  app?: AppReference
}

export function registerCollect(program: Command): void {
  withEnv(program.command('collect'))
    .description('remove what is kept no longer: old versions, stopped apps, unused files')
    .option('--dry-run', 'only say what would go, what would stay, and why')
    .option('--app <app>', 'a stopped app, of which nothing is kept from now on', parseApp)
    .action(collect)
}

async function collect({ dryRun = false, app, ...options }: Options): Promise<void> {
  const api = connect(options)
  const env = app?.env ?? api.config.env
  const items = app
    ? (await api.send('collect', { query: { env }, body: { dryRun, app: app.app } })).items
    : await collectAll(api, env, dryRun)
  const unused = app ? undefined : await api.send('collectUnused', { body: { dryRun } })
  if (options.json) printJson({ items, ...unused })
  else describe(items, unused, dryRun)
}

async function collectAll(api: Api, env: string | undefined, dryRun: boolean): Promise<CollectedItem[]> {
  const items: CollectedItem[] = []
  let cursor: string | undefined
  do {
    const page = await api.send('collect', { query: { env, cursor }, body: { dryRun } })
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return items
}

function describe(items: CollectedItem[], unused: CollectedUnused | undefined, dryRun: boolean): void {
  const gone = items.filter(({ keep }) => !keep)
  const shown = dryRun ? items : gone
  if (shown.length > 0) print(`${itemTable(shown, dryRun ? 'would go' : 'removed')}\n`)
  const what = gone.length === 1 ? '1 version or app' : `${gone.length} versions and apps`
  const rest = unused ? `, ${unusedInWords(unused, dryRun)}` : ''
  if (dryRun) print(`${what} would go${rest}.`)
  else printDone(`${what} removed${rest}.`)
}

function itemTable(items: CollectedItem[], gone: string): string {
  return table(items, [
    ['App', ({ app }) => app],
    ['Version', ({ version }) => version && `v${version}`],
    ['', ({ keep }) => (keep ? 'stays' : gone)],
    ['Why', ({ why }) => `it ${why}`],
  ])
}

function unusedInWords({ blobs, secrets }: CollectedUnused, dryRun: boolean): string {
  const { count, bytes } = blobs.condemned
  const files = `${count} unused files (${(bytes / 1e6).toFixed(1)} MB)`
  const versions = `${secrets} versions of secrets`
  return dryRun
    ? `and ${versions}; ${files} would be marked to go`
    : `and ${versions}; ${blobs.removed} files removed, ${files} marked to go with a later run`
}
