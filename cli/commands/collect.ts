import type { Command } from 'commander'
import type { CollectedBlobs, CollectedItem } from '../../protocol/collection.ts'
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
  const blobs = app ? undefined : await api.send('collectBlobs', { body: { dryRun } })
  if (options.json) printJson({ items, ...(blobs && { blobs }) })
  else describe(items, blobs, dryRun)
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

function describe(items: CollectedItem[], blobs: CollectedBlobs | undefined, dryRun: boolean): void {
  const gone = items.filter(({ keep }) => !keep)
  const shown = dryRun ? items : gone
  if (shown.length > 0) print(`${itemTable(shown, dryRun ? 'would go' : 'removed')}\n`)
  const what = gone.length === 1 ? '1 version or app' : `${gone.length} versions and apps`
  const files = blobs ? `, ${filesInWords(blobs, dryRun)}` : ''
  if (dryRun) print(`${what} would go${files}.`)
  else printDone(`${what} removed${files}.`)
}

function itemTable(items: CollectedItem[], gone: string): string {
  return table(items, [
    ['App', ({ app }) => app],
    ['Version', ({ version }) => version && `v${version}`],
    ['', ({ keep }) => (keep ? 'stays' : gone)],
    ['Why', ({ why }) => `it ${why}`],
  ])
}

function filesInWords({ removed, condemned }: CollectedBlobs, dryRun: boolean): string {
  const megabytes = (condemned.bytes / 1e6).toFixed(1)
  const unused = `${condemned.count} unused files (${megabytes} MB)`
  return dryRun
    ? `${unused} would be marked to go`
    : `${removed} files removed, ${unused} marked to go with a later run`
}
