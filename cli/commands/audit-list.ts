import { type Command, InvalidArgumentError } from 'commander'
import type { AuditEntryView } from '../../protocol/audit.ts'
import { type AppReference, parseApp } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

const MOST = 200

interface Options extends CommonOptions, EnvOption {
  limit: number
  cursor?: string
}

export function registerAuditList(audit: Command): void {
  withEnv(audit.command('list'))
    .description('who changed what, newest first: of an app, or of the whole environment')
    .argument('[app]', 'the app', parseApp)
    .option('-n, --limit <count>', `how many, at most ${MOST}`, parseLimit, 50)
    .option('--cursor <cursor>', 'go on where a list before has ended')
    .action(list)
}

async function list(reference: AppReference | undefined, options: Options): Promise<void> {
  const api = connect(options)
  const env = reference?.env ?? api.config.env
  const { limit, cursor } = options
  const page = await api.send('listAudit', { query: { env, app: reference?.app, limit, cursor } })
  if (options.json) printJson(page)
  else if (page.items.length === 0) print('Nothing was changed here yet.')
  else print(auditTable(page.items))
  if (!options.json && page.cursor !== undefined) print(`There are more: add --cursor ${page.cursor}`)
}

function auditTable(entries: AuditEntryView[]): string {
  return table(entries, [
    ['Time', ({ at }) => localTime(at)],
    ['App', ({ app }) => app],
    ['Version', ({ version }) => version && `v${version}`],
    ['Change', ({ action }) => action],
    ['Of', ({ function: name, subject }) => [name, subject].filter(Boolean).join(' ')],
    ['By', ({ by }) => by],
    ['Client', ({ client }) => client],
    ['Before', ({ before }) => before],
    ['After', ({ after }) => after],
    ['Reason', ({ reason }) => reason],
  ])
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit
  throw new InvalidArgumentError(`Write a number from 1 to ${MOST}.`)
}
