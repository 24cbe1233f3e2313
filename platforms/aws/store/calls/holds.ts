import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add, $delete, $remove } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { CallStore } from '../../../../control/call-store-port.ts'
import { read, readAll } from '../dynamodb/read.ts'
import type { Write } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { type ContainerEntity, type ContainerItem, heldCalls } from '../items/container.ts'

/**
 * A container's item names the calls that it holds. A call is named there in the transaction that gives it, so none is
 * missed when its container dies; one that has ended may be named a moment longer, or until somebody looks.
 */

/** Names the call, if the container may still be given any. */
export function take(containers: ContainerEntity, container: string, call: string): Write {
  return containers
    .build(UpdateTransaction)
    .item({ id: container, held: $add(new Set([call])), claims: $add(1), idleSince: $remove() })
    .options({ condition: { attr: 'state', eq: 'ready' } })
}

const without = (container: string, call: string, at: number) => {
  const gone = $delete(new Set([call]))
  return { id: container, held: gone, heldByPin: gone, idleSince: at }
}

/** As part of what takes the call away from the container, for another one to have it. */
export function giveBack(containers: ContainerEntity, container: string, call: string, at: number): Write {
  return containers
    .build(UpdateTransaction)
    .item(without(container, call, at))
    .options({ condition: { attr: 'id', exists: true } })
}

/** After a call has ended. */
export async function letGo(
  containers: ContainerEntity,
  { id, container }: { id: string; container?: string | undefined },
  at: number,
): Promise<void> {
  if (container === undefined) return
  await update(containers, without(container, id, at), { attr: 'id', exists: true })
}

/** What is pinned to the container's version is named apart: it keeps the container from being outdated. */
export async function setApart(containers: ContainerEntity, container: string, call: string): Promise<void> {
  await update(
    containers,
    { id: container, held: $delete(new Set([call])), heldByPin: $add(new Set([call])) },
    { attr: 'held', contains: call },
  )
}

/** The calls that the container holds now. What it is still named for though it has ended is struck off. */
export async function callsOf(
  { calls, containers }: { calls: CallEntity; containers: ContainerEntity },
  id: string,
): ReturnType<CallStore['runningCalls']> {
  const container = await read(containers, { id })
  if (!container) return []
  const named = heldCalls(container)
  const found = await readAll(
    calls,
    named.map((call) => ({ id: call })),
  )
  const held = found.filter((call) => call.status === 'running' && call.container === id)
  if (held.length < named.length) await strikeOff(containers, container, new Set(held.map((call) => call.id)))
  return held.map(toCall)
}

/** For people who look: what has ended meanwhile is left out, and struck off by those whom it concerns. */
export async function callsInFlight(
  { calls, containers }: { calls: CallEntity; containers: ContainerEntity },
  ids: string[],
): ReturnType<CallStore['callsInFlight']> {
  if (ids.length === 0) return []
  const holders = await readAll(
    containers,
    ids.map((id) => ({ id })),
  )
  const named = [...new Set(holders.flatMap(heldCalls))].map((id) => ({ id }))
  const held = (await readAll(calls, named)).filter(({ status }) => status === 'running')
  const byContainer = Map.groupBy(held, ({ container }) => container)
  return holders.flatMap(({ id }) => {
    const own = byContainer.get(id) ?? []
    const oldest = Math.min(...own.map(({ startedAt }) => startedAt ?? Infinity))
    return own.length === 0 ? [] : [{ container: id, calls: own.length, oldest }]
  })
}

async function strikeOff(
  containers: ContainerEntity,
  container: ContainerItem,
  held: Set<string>,
): Promise<void> {
  const ended = $delete(new Set(heldCalls(container).filter((call) => !held.has(call))))
  await update(
    containers,
    { id: container.id, held: ended, heldByPin: ended },
    // Otherwise one of them may have been given to it anew.
    { attr: 'claims', eq: container.claims },
  )
}
