import * as z from 'zod'
import { AuditEntryView } from './audit.ts'
import { ChannelName, ChannelTest, ChannelView, WriteChannelRequest } from './channels.ts'
import { AppName, DEFAULT_ENV, EnvName } from './names.ts'
import { PageQuery } from './page.ts'
import type { Route } from './route.ts'

const none = z.strictObject({})
const channelParams = z.strictObject({ name: ChannelName })
const env = EnvName.default(DEFAULT_ENV)

/** What was changed, and who is told of what goes wrong. */
export const AUDIT_ROUTES = {
  listAudit: {
    method: 'GET',
    path: '/v1/audit',
    group: 'audit',
    audience: 'user',
    scopes: ['read'],
    summary: 'Changes of an environment or of one app, newest first',
    params: none,
    query: z.strictObject({ env, app: AppName.optional(), ...PageQuery }),
    status: 200,
    response: z.object({ items: z.array(AuditEntryView), cursor: z.string().optional() }),
  },
  listChannels: {
    method: 'GET',
    path: '/v1/channels',
    group: 'audit',
    audience: 'user',
    scopes: ['read'],
    summary: 'Where notices of an environment go, and whether they arrive',
    params: none,
    query: z.strictObject({ env }),
    status: 200,
    response: z.object({ items: z.array(ChannelView) }),
  },
  writeChannel: {
    method: 'PUT',
    path: '/v1/channels/{name}',
    group: 'audit',
    audience: 'user',
    scopes: ['admin'],
    summary: 'Make or change a channel; the answer to the first carries its secret',
    params: channelParams,
    query: z.strictObject({ env }),
    body: WriteChannelRequest,
    status: 200,
    response: ChannelView,
  },
  deleteChannel: {
    method: 'DELETE',
    path: '/v1/channels/{name}',
    group: 'audit',
    audience: 'user',
    scopes: ['admin'],
    summary: 'Delete a channel; what is on its way there is dropped',
    params: channelParams,
    query: z.strictObject({ env }),
    status: 200,
    response: z.object({}),
  },
  testChannel: {
    method: 'POST',
    path: '/v1/channels/{name}/test',
    group: 'audit',
    audience: 'user',
    scopes: ['admin'],
    summary: 'Send something to a channel, and say whether it arrived',
    params: channelParams,
    query: z.strictObject({ env }),
    status: 200,
    response: ChannelTest,
  },
} as const satisfies Record<string, Route>
