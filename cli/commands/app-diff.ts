import type { Command } from 'commander'
import { type AppReference, about, parseApp, parseVersion } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { differenceLines } from '../difference.ts'
import { print, printJson } from '../terminal.ts'

export function registerAppDiff(app: Command): void {
  withEnv(app.command('diff'))
    .description('what differs between two versions of an app')
    .argument('<app>', 'the app', parseApp)
    .argument('<from>', 'a version, such as v3', parseVersion)
    .argument('[to]', 'another one; that which is live unless given', parseVersion)
    .action(diff)
}

async function diff(
  reference: AppReference,
  from: number,
  to: number | undefined,
  options: CommonOptions & EnvOption,
): Promise<void> {
  const api = connect(options)
  const { params, query } = about(api, reference)
  const view = await api.send('diff', { params, query: { ...query, from, to } })
  if (options.json) {
    printJson(view)
    return
  }
  const lines = differenceLines(view)
  print(`From v${view.from} to v${view.to} of ${view.app}${lines.length > 0 ? ':' : ': no difference.'}`)
  for (const line of lines) print(line)
}
