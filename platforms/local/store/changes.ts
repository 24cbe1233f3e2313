import type { Database } from './database.ts'

const ON_CHANGE = 'sluice_on_change'

/** What people see of apps, by table. Of an update that only repeats a sign of life nobody needs to hear. */
const SEEN: Readonly<Record<string, { columns?: readonly string[]; removed?: true }>> = {
  apps: { removed: true },
  versions: { removed: true },
  containers: {
    columns: ['state', 'address', 'requests', 'drain_deadline', 'failure'],
  },
  calls: {},
  schedules: { columns: ['version', 'schedule', 'paused_at', 'expected_at'], removed: true },
  firings: {},
  usage: {},
  audit: {},
}

/**
 * Has `onChange` told of each change of what people see of an app, until what it answers is called. SQLite itself tells,
 * whichever operation made the change; before its transaction ends, so that the news is to be passed on a moment later.
 */
export function watchChanges(database: Database, onChange: (env: string, app: string) => void): () => void {
  const { connection } = database
  connection.function(ON_CHANGE, (env, app) => {
    // Of an environment's own affairs no app is named.
    if (app !== null) onChange(String(env), String(app))
    return null
  })
  // A trigger that is made while a transaction goes on would be taken back with it.
  database.commits.settle()
  const triggers = Object.entries(SEEN).flatMap(([table, seen]) => triggersOf(table, seen))
  for (const { name, when, row } of triggers) {
    connection.exec(
      `create temp trigger ${name} ${when} begin select ${ON_CHANGE}(${row}.env, ${row}.app); end`,
    )
  }
  return () => {
    database.commits.settle()
    for (const { name } of triggers) connection.exec(`drop trigger temp.${name}`)
  }
}

function triggersOf(table: string, { columns, removed }: (typeof SEEN)[string]) {
  const differs = columns?.map((column) => `old.${column} is not new.${column}`).join(' or ')
  const on = (event: string, row: 'new' | 'old', condition?: string) => ({
    name: `${table}_${event}_seen`,
    when: `after ${event} on main.${table}${condition === undefined ? '' : ` when ${condition}`}`,
    row,
  })
  return [on('insert', 'new'), on('update', 'new', differs), ...(removed ? [on('delete', 'old')] : [])]
}
