import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CallView } from '../../protocol/api.ts'
import { MAX_WAIT_SECONDS } from '../../protocol/limits.ts'
import type { Api } from '../../sdk/api.ts'
import { CancelledError, RemoteError } from '../../sdk/errors.ts'
import { hasEnded, outcomeOf } from '../../sdk/function-call.ts'
import { begin } from '../../sdk/remote.ts'
import { type AppReference, parseFunction, parseVersion } from '../app-name.ts'
import { whereItsLogIs, withLog } from '../call-log.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, FAILED, withEnv } from '../conventions.ts'
import { clearStatus, print, printFailure, printJson, printNote, showStatus } from '../terminal.ts'

const BELOW_MESSAGE = /^(?:\s+at |\[cause\]: )/

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
  else await printOutcome(ended)
}

async function untilEnded(api: Api, begun: CallView, show?: (status: string) => void): Promise<CallView> {
  let seen = begun
  while (!hasEnded(seen)) {
    show?.(`${seen.id} is ${seen.status}…`)
    seen = await api.send('getCall', { params: { id: begun.id }, query: { wait: MAX_WAIT_SECONDS } })
  }
  clearStatus()
  return seen
}

async function printOutcome(ended: CallView): Promise<void> {
  try {
    const result = await outcomeOf(ended)
    if (typeof result === 'string') print(result)
    else if (result !== undefined) printJson(result)
  } catch (error) {
    if (error instanceof CancelledError) printFailure(error.message)
    else if (error instanceof RemoteError) {
      printFailure(`${error.name}: ${error.message}`)
      printNote(stackOf(ended))
      printNote(whereItsLogIs(ended))
    } else throw error
  }
}

/** What stands below the message, which is printed already and may have lines of its own: frames, and causes with theirs. */
function stackOf({ id, error }: CallView): string {
  const lines = error?.stack?.split('\n') ?? []
  const first = lines.findIndex((line) => BELOW_MESSAGE.test(line))
  return [...(first === -1 ? [] : lines.slice(first)), `    at remote call ${id}`].join('\n')
}

function parseWord(word: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    return word
  }
}

function parseList(text: string): unknown[] {
  const list = parseWord(text)
  if (Array.isArray(list)) return list
  throw new InvalidArgumentError('Write a JSON list, such as \'["a", 1]\'.')
}
