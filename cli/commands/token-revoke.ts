import type { Command } from 'commander'
import type { Api } from '../../sdk/api.ts'
import { ConfigurationError } from '../../sdk/errors.ts'
import { confirm } from '../confirm.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, FAILED, withCommonOptions } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { printDone, printJson } from '../terminal.ts'

/** No name of a token need be taken for one: an id is made of a time and of chance. */
const ID = /^(to|se)-[0-9a-z]{26}$/

interface Options extends CommonOptions {
  yes?: true
}

export function registerTokenRevoke(token: Command): void {
  withCommonOptions(token.command('revoke'))
    .description('have a token open nothing any more, at once')
    .argument('<token>', 'its id, or that of a session; or its name where only one is called that')
    .option('-y, --yes', 'do not ask; without a terminal, nobody is asked')
    .action(revoke)
}

async function revoke(idOrName: string, options: Options): Promise<void> {
  const api = connect(options)
  const id = ID.test(idOrName) ? idOrName : await idOf(api, idOrName)
  if (!options.yes && !(await confirm(`Revoke ${idOrName} for good?`))) {
    process.exitCode = FAILED
    return
  }
  const view = await api.send('revokeToken', { params: { id } })
  if (options.json) printJson(view)
  else printDone(`${view.name} (${view.id}) is revoked.`)
}

/** @throws ConfigurationError where none is called that, or more than one */
async function idOf(api: Api, name: string): Promise<string> {
  const { items } = await allPages(api, 'listTokens', {})
  const named = items.filter((token) => token.name === name && token.state === 'active')
  const [only] = named
  if (only && named.length === 1) return only.id
  throw new ConfigurationError(
    named.length === 0
      ? `There is no token "${name}" that is good for anything. See "sluice token list".`
      : `${named.length} tokens are called "${name}". Say which by its id: ${named.map(({ id }) => id).join(', ')}.`,
  )
}
