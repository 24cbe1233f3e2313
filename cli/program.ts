import { Command } from 'commander'
import { packageVersion } from '../sdk/deploy/package.ts'

type Register = (parent: Command) => void

/** Every command, by the words that call it, in the order of the help. Each is loaded only where it may be meant. */
const COMMANDS: [words: string, load: () => Promise<Register>][] = [
  ['up', async () => (await import('./commands/up.ts')).registerUp],
  ['down', async () => (await import('./commands/down.ts')).registerDown],
  ['deploy', async () => (await import('./commands/deploy.ts')).registerDeploy],
  ['run', async () => (await import('./commands/run.ts')).registerRun],
  ['serve', async () => (await import('./commands/serve.ts')).registerServe],
  ['call', async () => (await import('./commands/call.ts')).registerCall],
  ['dashboard', async () => (await import('./commands/dashboard.ts')).registerDashboard],
  ['usage', async () => (await import('./commands/usage.ts')).registerUsage],
  ['collect', async () => (await import('./commands/collect.ts')).registerCollect],
  ['app list', async () => (await import('./commands/app-list.ts')).registerAppList],
  ['app describe', async () => (await import('./commands/app-describe.ts')).registerAppDescribe],
  ['app dashboard', async () => (await import('./commands/dashboard.ts')).registerDashboard],
  ['app history', async () => (await import('./commands/app-history.ts')).registerAppHistory],
  ['app diff', async () => (await import('./commands/app-diff.ts')).registerAppDiff],
  ['app logs', async () => (await import('./commands/app-logs.ts')).registerAppLogs],
  ['app rollback', async () => (await import('./commands/app-rollback.ts')).registerAppRollback],
  ['app rollover', async () => (await import('./commands/app-rollover.ts')).registerAppRollover],
  ['app autoscaler', async () => (await import('./commands/app-autoscaler.ts')).registerAppAutoscaler],
  ['app start', async () => (await import('./commands/app-start.ts')).registerAppStart],
  ['app promote', async () => (await import('./commands/app-promote.ts')).registerAppPromote],
  ['app unstage', async () => (await import('./commands/app-unstage.ts')).registerAppUnstage],
  ['app stop', async () => (await import('./commands/app-stop.ts')).registerAppStop],
  ['audit list', async () => (await import('./commands/audit-list.ts')).registerAuditList],
  ['channel create', async () => (await import('./commands/channel-create.ts')).registerChannelCreate],
  ['channel list', async () => (await import('./commands/channel-list.ts')).registerChannelList],
  ['channel test', async () => (await import('./commands/channel-test.ts')).registerChannelTest],
  ['channel delete', async () => (await import('./commands/channel-delete.ts')).registerChannelDelete],
  ['container list', async () => (await import('./commands/container-list.ts')).registerContainerList],
  ['container stop', async () => (await import('./commands/container-stop.ts')).registerContainerStop],
  ['container logs', async () => (await import('./commands/container-logs.ts')).registerContainerLogs],
  ['secret create', async () => (await import('./commands/secret-create.ts')).registerSecretCreate],
  ['secret list', async () => (await import('./commands/secret-list.ts')).registerSecretList],
  ['secret describe', async () => (await import('./commands/secret-describe.ts')).registerSecretDescribe],
  ['secret delete', async () => (await import('./commands/secret-delete.ts')).registerSecretDelete],
  ['env create', async () => (await import('./commands/env-create.ts')).registerEnvCreate],
  ['env list', async () => (await import('./commands/env-list.ts')).registerEnvList],
  ['env delete', async () => (await import('./commands/env-delete.ts')).registerEnvDelete],
  ['token create', async () => (await import('./commands/token-create.ts')).registerTokenCreate],
  ['token list', async () => (await import('./commands/token-list.ts')).registerTokenList],
  ['token revoke', async () => (await import('./commands/token-revoke.ts')).registerTokenRevoke],
  ['token show', async () => (await import('./commands/token-show.ts')).registerTokenShow],
  ['profile create', async () => (await import('./commands/profile-create.ts')).registerProfileCreate],
  ['profile list', async () => (await import('./commands/profile-list.ts')).registerProfileList],
  ['profile use', async () => (await import('./commands/profile-use.ts')).registerProfileUse],
  ['profile delete', async () => (await import('./commands/profile-delete.ts')).registerProfileDelete],
  ['schedule list', async () => (await import('./commands/schedule-list.ts')).registerScheduleList],
  ['schedule trigger', async () => (await import('./commands/schedule-trigger.ts')).registerScheduleTrigger],
  ['schedule pause', async () => (await import('./commands/schedule-pause.ts')).registerSchedulePause],
  ['schedule resume', async () => (await import('./commands/schedule-resume.ts')).registerScheduleResume],
]

const GROUPS: Record<string, string> = {
  app: 'look at apps, and change what is live',
  audit: 'see who changed what',
  channel: 'say who is told of what goes wrong',
  container: 'look at containers, and stop them',
  secret: 'write secrets, whose values only functions see',
  env: 'keep apps and secrets apart from others',
  token: 'say who may do what',
  profile: 'write down control planes, and say which one is meant',
  schedule: 'look at schedules, run them by hand, and pause them',
}

const VERSION_FLAGS = ['-V', '--version']

/** The program with the command that `words` call; with all of them where that is not clear, as for its help. */
export async function buildProgram(words: string[]): Promise<Command> {
  const program = new Command('sluice')
    .description('Deploy functions, call them, and hand traffic over without dropping a request.')
    .version(packageVersion())
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Add --help to see what it takes.')
  const groups = new Map<string, Command>()
  for (const [name, load] of meant(words)) {
    const [group] = name.includes(' ') ? name.split(' ') : []
    const register = await load()
    register(group ? groupOf(program, groups, group) : program)
  }
  return program
}

function meant(words: string[]) {
  if (words.every((word) => VERSION_FLAGS.includes(word)) && words.length > 0) return []
  const spoken = words.filter((word) => !word.startsWith('-'))
  const one = COMMANDS.filter(([name]) => name.split(' ').every((word, index) => word === spoken[index]))
  return one.length > 0 ? one : COMMANDS
}

function groupOf(program: Command, groups: Map<string, Command>, name: string): Command {
  const group = groups.get(name) ?? program.command(name).description(GROUPS[name] ?? '')
  groups.set(name, group)
  return group
}
