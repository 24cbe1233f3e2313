import type { Command } from 'commander'
import type { ChannelView } from '../../protocol/channels.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { localTime } from '../times.ts'

export function registerChannelList(channel: Command): void {
  withEnv(channel.command('list'))
    .description('where notices go, and whether they arrive')
    .action(async (options: CommonOptions & EnvOption) => {
      const api = connect(options)
      const channels = await api.send('listChannels', { query: { env: api.config.env } })
      if (options.json) printJson(channels)
      else if (channels.items.length === 0)
        print('Nobody is told of anything yet. Make a channel with "sluice channel create".')
      else print(channelTable(channels.items))
    })
}

function channelTable(channels: ChannelView[]): string {
  return table(channels, [
    ['Channel', ({ name }) => name],
    ['To', ({ webhook, topic }) => webhook ?? topic],
    ['State', ({ state }) => state],
    ['Delivered', ({ deliveredAt }) => deliveredAt && localTime(deliveredAt)],
    ['Failed', ({ state, failedAt }) => (state === 'failing' && failedAt ? localTime(failedAt) : undefined)],
    ['Why', ({ state, failure }) => (state === 'failing' ? failure : undefined)],
    ['Lost', ({ lost }) => (lost > 0 ? lost : undefined)],
    ['App', ({ app }) => app],
    ['Only', ({ kinds }) => kinds?.join(', ')],
    ['Muted', ({ muted }) => muted.join(', ')],
  ])
}
