import type { Command } from 'commander'
import { type AppReference, parseApp, parseVersion } from '../app-name.ts'
import { connect } from '../connect.ts'
import { type EnvOption, withEnv } from '../conventions.ts'
import { type LogOptions, printLogs, withLogOptions } from '../log-options.ts'

export function registerAppLogs(app: Command): void {
  withLogOptions(withEnv(app.command('logs')))
    .description('what the containers of an app wrote')
    .argument('<app>', 'the app', parseApp)
    .option('--function <name>', 'lines of this function')
    .option('--version <version>', 'lines of this version', parseVersion)
    .option('--container <id>', 'lines of this container')
    .action(async (reference: AppReference, { env, ...options }: LogOptions & EnvOption) => {
      const api = connect({ ...options, ...(env && { env }) })
      await printLogs(api, { app: reference.app, env: reference.env ?? api.config.env }, options)
    })
}
