import { type Command, InvalidArgumentError, Option } from 'commander'
import { NoticeKind } from '../../protocol/audit.ts'
import { readInput } from '../ask-secret.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { print, printDone, printJson, printNote } from '../terminal.ts'

const FROM_INPUT = '-'

interface Options extends CommonOptions, EnvOption {
  webhook?: string
  topic?: string
  app?: string
  only?: NoticeKind[]
  mute?: string[]
}

export function registerChannelCreate(channel: Command): void {
  withEnv(channel.command('create'))
    .description('have notices sent somewhere; the same name again changes the channel')
    .argument('<name>', 'the channel')
    .option(
      '--webhook <url>',
      'a URL that takes what Slack takes, or "-" to read it from standard input; its secret is printed this once',
    )
    .addOption(new Option('--topic <arn>', 'an SNS topic, on AWS').conflicts('webhook'))
    .option('--app <app>', 'only of this app')
    .option('--only <kinds>', `only of these, such as ${NoticeKind.options.join(',')}`, parseKinds)
    .option('--mute <apps>', 'not of these apps, such as toy,demo', parseList)
    .action(create)
}

async function create(name: string, { topic, app, only, mute, ...options }: Options): Promise<void> {
  // Often all that it takes to write there: from here on a list of processes shows this instead of the arguments.
  process.title = 'sluice channel create'
  const webhook = options.webhook === FROM_INPUT ? await readInput() : options.webhook
  const api = connect(options)
  const made = await api.send('writeChannel', {
    params: { name },
    query: { env: api.config.env },
    body: {
      ...(webhook !== undefined && { webhook }),
      ...(topic !== undefined && { topic }),
      ...(app !== undefined && { app }),
      ...(only && { kinds: only }),
      ...(mute && { muted: mute }),
    },
  })
  if (options.json) return printJson(made)
  const to = made.webhook ?? made.topic
  if (made.secret === undefined) return printDone(`Notices go to ${to} by ${made.name}.`)
  // The secret alone is what a script wants to take.
  print(made.secret)
  printNote(`Notices go to ${to} by ${made.name}, and are signed with this secret. It is not shown again.`)
}

function parseList(text: string): string[] {
  return text.split(',').filter((item) => item !== '')
}

function parseKinds(text: string): NoticeKind[] {
  const read = NoticeKind.array().safeParse(parseList(text))
  if (read.success) return read.data
  throw new InvalidArgumentError(`Write some of ${NoticeKind.options.join(', ')}, with commas between them.`)
}
