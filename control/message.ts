import type { NoticeKind } from '../protocol/audit.ts'
import { appLabel } from '../protocol/names.ts'
import type { Channel, Notice } from './notice-model.ts'

/** A notice in the words and shapes in which it leaves. */
export interface Message {
  /** The same each time that it is sent. */
  id: string
  kind: NoticeKind | 'test'
  /** One line, for where there is room for no more. */
  subject: string
  /** What Slack's incoming webhooks take, and many others understand. */
  slack: { text: string; blocks: SlackBlock[] }
  /** For programs. */
  data: object
}

type SlackBlock = Record<string, unknown>

/** What Slack takes of a text in a block is 3,000 characters ("Blocks", Slack API), of which marks take some. */
const MOST_CHARACTERS = 2_900

const TITLES: Record<NoticeKind, string> = {
  scheduled_call_failed: 'A scheduled call failed',
  firing_missed: 'A schedule did not fire',
  rollout_failed: 'A rollout failed',
  rolled_back: 'Rolled back',
  cannot_start: 'A function cannot start',
}

export function messageOf(notice: Notice): Message {
  const subject = `${TITLES[notice.kind]}: ${whatOf(notice)}`
  const { at, logs, calledAt: _, ...rest } = notice
  return {
    id: notice.id,
    kind: notice.kind,
    subject,
    slack: {
      text: `${escaped(subject)}. ${escaped(notice.message)}`,
      blocks: [
        section(`*${escaped(subject)}*`),
        section(cut(escaped(notice.message))),
        ...(logs.length > 0 ? [section(`\`\`\`${lastOf(escaped(logs.join('\n')))}\`\`\``)] : []),
        { type: 'context', elements: [{ type: 'mrkdwn', text: cut(escaped(contextOf(notice))) }] },
      ],
    },
    data: { ...rest, at: new Date(at).toISOString(), logs },
  }
}

export function testMessage(channel: Channel, id: string): Message {
  const text = `This is a test of the channel ${channel.name} of environment ${channel.env}. Notices arrive here.`
  return {
    id,
    kind: 'test',
    subject: 'Test',
    slack: { text, blocks: [section(text)] },
    data: { id, kind: 'test', env: channel.env, channel: channel.name },
  }
}

function whatOf({ function: name, version, ...key }: Notice): string {
  return [name, 'of', appLabel(key), version !== undefined && `v${version}`]
    .slice(name === undefined ? 2 : 0)
    .filter(Boolean)
    .join(' ')
}

function contextOf({ env, version, commit, deployedBy, call, at }: Notice): string {
  const files = commit && `commit ${commit.hash.slice(0, 7)}${commit.dirty ? '*' : ''}`
  const parts = [
    `environment ${env}`,
    version !== undefined && `v${version}`,
    files,
    deployedBy !== undefined && `deployed by ${deployedBy}`,
    call,
    new Date(at).toISOString(),
  ]
  return parts.filter(Boolean).join(' · ')
}

const section = (text: string): SlackBlock => ({ type: 'section', text: { type: 'mrkdwn', text } })

/** The three characters that mean something in Slack's text. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const cut = (text: string): string => text.slice(0, MOST_CHARACTERS)

/** What a container said last tells most. */
const lastOf = (text: string): string => text.slice(-MOST_CHARACTERS)
