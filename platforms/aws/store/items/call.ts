import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { map } from 'dynamodb-toolbox/schema/map'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { Call } from '../../../../control/model.ts'
import type { CallError, CallStatus } from '../../../../protocol/calls.ts'
import { json } from './json.ts'
import { word } from './word.ts'

/** Not as text, in which each quotation mark of the JSON would count twice: an item takes 400 KB. */
const payload = () => map({ json: string().optional(), blob: string().optional(), size: number().optional() })

export const callEntity = (table: Table) =>
  new Entity({
    name: 'call',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      id: string().key(),
      env: string(),
      app: string(),
      function: string(),
      status: word<CallStatus>(),
      acceptedVersion: number(),
      pin: number().optional(),
      source: word<Call['source']>(),
      by: string().optional(),
      parent: string().optional(),
      args: payload(),
      fingerprint: string(),
      idempotencyKey: string().optional(),
      result: payload().optional(),
      error: json<CallError>().optional(),
      attempts: number(),
      failures: number(),
      availableAt: number(),
      container: string().optional(),
      version: number().optional(),
      lease: string().optional(),
      createdAt: number(),
      startedAt: number().optional(),
      endedAt: number().optional(),
      pendingIn: string().optional().hidden(),
      place: string().optional().hidden(),
      dueIn: string().optional().hidden(),
      madeIn: string().hidden(),
      scheduledIn: string().optional().hidden(),
      expiresAt: number().optional().hidden(),
      asked: boolean().optional().hidden(),
    }),
    computeKey: ({ id }) => ({ id }),
  })

export type CallEntity = ReturnType<typeof callEntity>

export const toCall = (item: FormattedItem<CallEntity>): Call => item as Call
