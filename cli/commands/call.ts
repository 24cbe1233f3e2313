import { type Command, Option } from 'commander'
import { MAX_WAIT_SECONDS } from '../../protocol/limits.ts'
import { begin } from '../../sdk/remote.ts'
import { type AppReference, parseFunction, parseVersion } from '../app-name.ts'
import { parseList, parseWord } from '../call-arguments.ts'
import { whereItsLogIs, withLog } from '../call-log.ts'
import { printOutcome, untilEnded } from '../call-outcome.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { print, printJson, showStatus } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  argsJson?: unknown[]
  spawn?: true
  logs?: true
  version?: number
}

export function registerCall(program: Command): void {
  withEnv(program.command('call'))
    .description('call a function and print its result')
    .argument('<app.function>', 'the function', parseFunction)
    .argument('[args...]', 'its arguments: JSON, or text where it is no JSON')
    .addOption(new Option('--args-json <list>', 'its arguments, as one JSON list').argParser(parseList))
    .option('--spawn', 'do not wait for the result; print the id of the call')
    .addOption(new Option('--logs', 'show what the call writes, on standard error').conflicts('spawn'))
    .option('--version <version>', 'run on this version, and on no other', parseVersion)
    .action(call)
}

async function call(
  target: AppReference & { function: string },
  words: string[],
  options: Options,
): Promise<void> {
  const api = connect(options)
  const args = options.argsJson ?? words.map(parseWord)
  const begun = await begin(
    api,
    { ...target, version: options.version },
    args,
    options.spawn || options.logs ? 0 : MAX_WAIT_SECONDS,
  )
  if (options.spawn) {
    if (options.json) printJson(begun)
    else print(begun.id)
    return
  }
  const ended = await (options.logs
    ? withLog(api, begun, untilEnded(api, begun))
    : untilEnded(api, begun, showStatus))
  if (ended.status !== 'succeeded') process.exitCode = FAILED
  if (options.json) printJson(ended)
  else await printOutcome(ended, whereItsLogIs(ended))
}
