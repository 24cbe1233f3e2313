import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { set } from 'dynamodb-toolbox/schema/set'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { Container, ContainerFailure } from '../../../../control/model.ts'
import type { ContainerState } from '../../../../protocol/api.ts'
import { json } from './json.ts'
import { word } from './word.ts'

export const containerEntity = (table: Table) =>
  new Entity({
    name: 'container',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      id: string().key(),
      env: string(),
      app: string(),
      function: string(),
      version: number(),
      state: word<ContainerState>(),
      address: string().optional(),
      requests: number(),
      startedAt: number(),
      apart: boolean().optional(),
      launched: boolean(),
      readyAt: number().optional(),
      seenAt: number(),
      idleSince: number().optional(),
      drainingAt: number().optional(),
      drainDeadline: number().optional(),
      stoppedAt: number().optional(),
      cpu: number().optional(),
      memory: number().optional(),
      callSeconds: number().optional(),
      reported: number().optional(),
      reason: string().optional(),
      failure: json<ContainerFailure>().optional(),
      /** Calls that it holds a lease for; those that are pinned to its version apart. */
      held: set(string()).optional(),
      heldByPin: set(string()).optional(),
      /** How often it has been given a call. */
      claims: number(),
      /** What `failedIn` is once it has failed. */
      ofVersion: string().hidden(),
      presence: string().optional().hidden(),
      place: string().hidden(),
      stoppedIn: string().optional().hidden(),
      failedIn: string().optional().hidden(),
      expiresAt: number().optional().hidden(),
    }),
    computeKey: ({ id }) => ({ id }),
  })

export type ContainerEntity = ReturnType<typeof containerEntity>
export type ContainerItem = FormattedItem<ContainerEntity>

/** One that holds a call is not idle, whatever it was when the call came. */
export function toContainer({ held, heldByPin, claims, idleSince, ...rest }: ContainerItem): Container {
  const running = (held?.size ?? 0) + (heldByPin?.size ?? 0)
  const container = { ...rest, running } as Container
  return idleSince === undefined || running > 0 ? container : { ...container, idleSince }
}

export const heldCalls = ({ held, heldByPin }: ContainerItem): string[] => [
  ...(held ?? []),
  ...(heldByPin ?? []),
]
