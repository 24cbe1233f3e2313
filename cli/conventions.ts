import { type Command, Option } from 'commander'

/** Exit codes. A command that is done leaves 0. */
export const FAILED = 1
export const MISUSED = 2

export interface CommonOptions {
  json?: true
  verbose?: true
  url?: string
  profile?: string
}

export interface EnvOption {
  env?: string
}

/** What every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print what the API answered, as JSON')
    .option('--verbose', 'show stack traces')
    .option('--url <url>', 'address of the control plane (default: SLUICE_URL, or that of "sluice up")')
    .option('--profile <name>', 'one of "sluice profile list" (default: SLUICE_PROFILE, or the one in use)')
}

/** What commands about an app take besides. */
export function withEnv(command: Command): Command {
  return withCommonOptions(command).option(
    '-e, --env <env>',
    'environment of the app (default: SLUICE_ENV, or main)',
  )
}

export const strategyOption = (): Option =>
  new Option('--strategy <strategy>', 'hand over to new containers, or stop the old ones first').choices([
    'rolling',
    'recreate',
  ])
