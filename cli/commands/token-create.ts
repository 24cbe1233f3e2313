import { type Command, InvalidArgumentError, Option } from 'commander'
import { ROLES, type Role } from '../../protocol/access.ts'
import { toSeconds } from '../../sdk/durations.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, withCommonOptions } from '../conventions.ts'
import { describeSender } from '../sender.ts'
import { print, printJson, printNote } from '../terminal.ts'

interface Options extends CommonOptions {
  role: Role
  env?: string
  expires?: number
}

export function registerTokenCreate(token: Command): void {
  withCommonOptions(token.command('create'))
    .description('make a token; it is printed this once')
    .argument('<name>', 'whom it speaks for: shown as "Deployed by"')
    .addOption(
      new Option('--role <role>', 'what it is for: looking, calling, deploying, everything')
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .option('-e, --env <env>', 'the only environment that it opens (default: all)')
    .option(
      '--expires <time>',
      'how long it lasts, such as 90d (default: until it is revoked)',
      parseLifetime,
    )
    .action(create)
}

async function create(name: string, { role, env, expires, ...options }: Options): Promise<void> {
  const api = connect(options)
  const body = { name, role, ...(env && { env }), ...(expires !== undefined && { expiresIn: expires }) }
  const made = await api.send('createToken', { body })
  if (options.json) return printJson(made)
  // The token alone is what a script wants to take.
  print(made.token)
  printNote(`Made ${made.id}: ${describeSender(made)}.`)
  printNote('Keep it now: it is not shown again.')
}

function parseLifetime(text: string): number {
  try {
    return Math.round(toSeconds(text, 'expires'))
  } catch {
    throw new InvalidArgumentError('Write how long, such as 12h or 90d.')
  }
}
