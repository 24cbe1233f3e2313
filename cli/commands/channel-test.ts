import type { Command } from 'commander'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { printDone, printFailure, printJson } from '../terminal.ts'

export function registerChannelTest(channel: Command): void {
  withEnv(channel.command('test'))
    .description('send something to a channel, and say whether it arrived')
    .argument('<name>', 'the channel')
    .action(test)
}

async function test(name: string, options: CommonOptions & EnvOption): Promise<void> {
  const api = connect(options)
  const outcome = await api.send('testChannel', { params: { name }, query: { env: api.config.env } })
  if (!outcome.delivered) process.exitCode = FAILED
  if (options.json) printJson(outcome)
  else if (outcome.delivered) printDone(`${name} took it.`)
  else printFailure(`${name} did not take it: ${outcome.reason}.`)
}
