import type { Command } from 'commander'
import { clientName } from '../../sdk/deploy/package.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, MISUSED, withEnv } from '../conventions.ts'
import { readVariables, VariablesFault } from '../secret-variables.ts'
import { printDone, printJson } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  fromDotenv?: string
  fromJson?: string
  force?: true
}

export function registerSecretCreate(secret: Command): void {
  withEnv(secret.command('create'))
    .description('write a secret: environment variables for the functions that name it')
    .argument('<name>', 'the name that functions use')
    .argument('[pairs...]', 'KEY=VALUE; others may see what is typed, so a file or standard input is better')
    .option('--from-dotenv <file>', 'lines of KEY=VALUE; - is standard input')
    .option('--from-json <file>', 'one JSON object of texts; - is standard input')
    .option('--force', 'write a new version of a secret that is there')
    // What is not known may be a value: it is refused without being printed.
    .allowUnknownOption()
    .action(create)
}

async function create(name: string, pairs: string[], options: Options, command: Command): Promise<void> {
  // From here on a list of processes shows this instead of the arguments.
  process.title = 'sluice secret create'
  const variables = await readVariables({ pairs, ...options }).catch((error: unknown) => {
    if (error instanceof VariablesFault) command.error(`error: ${error.message}`, { exitCode: MISUSED })
    throw error
  })
  const api = connect(options)
  const written = await api.send('putSecret', {
    params: { name },
    query: { env: api.config.env },
    body: { variables, client: clientName('cli'), ...(options.force && { force: true }) },
  })
  if (options.json) return printJson(written)
  const which = `version ${written.version} of "${name}" in environment "${written.env}"`
  printDone(`Wrote ${which}: ${written.variables.join(', ')}.`)
}
