import type { Command } from 'commander'
import { connect } from '../connect.ts'
import { type CommonOptions, withCommonOptions } from '../conventions.ts'
import { describeSender } from '../sender.ts'
import { print, printJson } from '../terminal.ts'

export function registerTokenShow(token: Command): void {
  withCommonOptions(token.command('show'))
    .description('who you are to the control plane, and what you may do')
    .action(async (options: CommonOptions) => {
      const api = connect(options)
      const sender = await api.send('whoAmI')
      if (options.json) return printJson(sender)
      print(`At ${api.config.url} you are ${describeSender(sender)}.`)
      print(`You may: ${sender.scopes.join(', ')}.`)
    })
}
