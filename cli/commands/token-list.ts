import type { Command } from 'commander'
import type { TokenView } from '../../protocol/tokens.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, withCommonOptions } from '../conventions.ts'
import { allPages } from '../pages.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

export function registerTokenList(token: Command): void {
  withCommonOptions(token.command('list'))
    .description('tokens, newest first; those that ended lately, too')
    .option('--sessions', 'sessions of the console instead')
    .action(async (options: CommonOptions & { sessions?: true }) => {
      const kind = options.sessions ? 'session' : 'token'
      const tokens = await allPages(connect(options), 'listTokens', { query: { kind } })
      if (options.json) printJson(tokens)
      else print(tokenTable(tokens.items))
    })
}

function tokenTable(tokens: TokenView[]): string {
  return table(tokens, [
    ['Token', ({ id }) => id],
    ['Name', ({ name }) => name],
    ['Role', ({ role }) => role],
    ['Environment', ({ env = 'all' }) => env],
    ['State', ({ state }) => state],
    ['Made', ({ createdAt }) => localTime(createdAt)],
    ['By', ({ createdBy }) => createdBy],
    ['Expires', ({ expiresAt }) => expiresAt && localTime(expiresAt)],
    ['Revoked by', ({ revokedBy }) => revokedBy],
  ])
}
