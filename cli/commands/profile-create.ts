import { type Command, InvalidArgumentError, Option } from 'commander'
import type { SenderView } from '../../protocol/tokens.ts'
import { Api } from '../../sdk/api.ts'
import { configOf } from '../../sdk/config.ts'
import { ConfigurationError } from '../../sdk/errors.ts'
import type { Profile } from '../../sdk/profiles.ts'
import { askSecret, readInput } from '../ask-secret.ts'
import { loadProfiles, parseNewProfile, saveProfiles } from '../profiles.ts'
import { describeSender } from '../sender.ts'
import { print, printDone, printJson } from '../terminal.ts'

const FROM_INPUT = '-'
const HOW_TO_GIVE_A_TOKEN =
  'Give the token as SLUICE_TOKEN, pipe it in with "--token -", or sign requests with your AWS credentials: "--aws".'

interface Options {
  url: string
  token?: string
  aws?: true
  env?: string
  replace?: true
  json?: true
}

export function registerProfileCreate(profile: Command): void {
  profile
    .command('create')
    .description('write down a control plane and how to get in, once it has let you in')
    .argument('<name>', 'what to call it', parseNewProfile)
    .requiredOption('--url <url>', 'address of the control plane', parseUrl)
    .addOption(
      new Option('--token <token>', 'the token; "-" reads it from standard input').env('SLUICE_TOKEN'),
    )
    .option('--aws', 'no token: sign requests with AWS credentials, as they are found at each use')
    .option('-e, --env <env>', 'environment that is meant where none is named')
    .option('--replace', 'put it in the place of the one of that name')
    .option('--json', 'print it as JSON, without the token')
    .option('--verbose', 'show stack traces')
    .action(create)
}

async function create(name: string, { replace, json, ...given }: Options): Promise<void> {
  const { current, profiles } = loadProfiles()
  if (Object.hasOwn(profiles, name) && !replace) {
    throw new ConfigurationError(`There is a profile "${name}" already. Add "--replace" to replace it.`)
  }
  const profile = await profileOf(given)
  const sender = await whoIs(profile)
  const path = saveProfiles({
    ...(current !== undefined && { current }),
    profiles: { ...profiles, [name]: profile },
  })
  const { token, ...shown } = profile
  if (json) return printJson({ name, ...shown })
  printDone(`Profile ${name} is in ${path}. There you are ${describeSender(sender)}.`)
  print(`Use it for one command with "--profile ${name}", or from now on: sluice profile use ${name}`)
}

async function profileOf({ url, token, aws, env }: Options): Promise<Profile> {
  const common = { url, ...(env && { env }) }
  if (aws) return { ...common, auth: 'aws' }
  const found =
    token === FROM_INPUT ? await readInput() : token || (await askSecret('Token:', HOW_TO_GIVE_A_TOKEN))
  if (!found) throw new ConfigurationError(`Standard input was empty. ${HOW_TO_GIVE_A_TOKEN}`)
  return { ...common, token: found }
}

/** @throws HttpError for a token that opens nothing · UnreachableError for an address where nobody answers */
function whoIs(profile: Profile): Promise<SenderView> {
  return new Api(configOf(profile), { eager: true }).send('whoAmI')
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new InvalidArgumentError('Write an address such as https://sluice.example.com.')
}
