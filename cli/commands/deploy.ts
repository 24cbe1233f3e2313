import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Strategy } from '../../protocol/api.ts'
import { clientName } from '../../sdk/deploy/package.ts'
import { prepare } from '../../sdk/deploy/prepare.ts'
import { announce } from '../../sdk/deploy/rollout.ts'
import { upload } from '../../sdk/deploy/upload.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, strategyOption, withEnv } from '../conventions.ts'
import { showPlan } from '../plan.ts'
import { noteEndedOverrides, reportRollout } from '../rollout.ts'
import { clearStatus, print, printDone, printJson, printNote, showStatus } from '../terminal.ts'
import { deployTree } from '../tree.ts'

interface Options extends CommonOptions, EnvOption {
  name?: string
  tag?: string
  strategy?: Strategy
  plan?: true
  staged?: true
}

export function registerDeploy(program: Command): void {
  withEnv(program.command('deploy'))
    .description('deploy an app; it is live when this returns')
    .argument('<file>', 'the file whose default export is the app')
    .option('--name <name>', "deploy under this name instead of the app's own")
    .option('--tag <tag>', 'a word to find this version by in the history')
    .addOption(strategyOption())
    .option('--plan', 'show what would change, and change nothing')
    .option('--staged', 'prepare it at addresses of its own, and leave what is live as it is')
    .action(deploy)
}

async function deploy(file: string, options: Options): Promise<void> {
  const startedAt = performance.now()
  showStatus('Bundling…')
  const prepared = await prepare(file, {
    name: options.name,
    color: process.stderr.isTTY && process.stderr.hasColors(),
  })
  if (prepared.warnings) printNote(prepared.warnings)

  const api = connect(options, [dirname(resolve(file))])
  if (options.plan) return showPlan(api, prepared, options)
  showStatus('Uploading…')
  const env = api.config.env
  await upload(api, prepared.contents, env)
  const version = await announce(api, prepared, { ...options, env, client: clientName('cli') })
  clearStatus()

  if (version.unchanged) {
    if (options.json) printJson(version)
    else printDone(`Deployment skipped: no changes since v${version.version}.`)
    return
  }
  if (!options.json) {
    printDone(`Initialized.${version.page === undefined ? '' : ` View app page at ${version.page}`}`)
    printDone('Created objects.')
    noteEndedOverrides(version)
    for (const line of deployTree(prepared.manifest.functions, version.urls)) print(line)
  }
  const done = options.staged ? 'App staged!' : 'App deployed!'
  await reportRollout(api, { begun: version, done, startedAt }, options)
}
