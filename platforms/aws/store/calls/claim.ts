import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add, $remove } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { CallStore } from '../../../../control/call-store-port.ts'
import { type Call, type Container, keyOf } from '../../../../control/model.ts'
import { read } from '../dynamodb/read.ts'
import { type Write, writeAll } from '../dynamodb/transaction.ts'
import type { AppEntity } from '../items/app.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { whileWaiting } from '../items/call-places.ts'
import type { ContainerEntity } from '../items/container.ts'
import { giveBack, setApart, take } from './holds.ts'

interface Items {
  apps: AppEntity
  calls: CallEntity
  containers: ContainerEntity
}

/**
 * Gives the call to the container in one step with the container's own item, then looks whether the app still wants it
 * there: the call counts as given when the app was read. So a cutover needs not know of the claims under way.
 */
export function claiming(items: Items): Pick<CallStore, 'claimCall'> {
  const { apps, calls, containers } = items
  return {
    claimCall: async (id, container, lease, at) => {
      const refused = await writeAll(
        give(calls, id, container, lease, at),
        take(containers, container.id, id),
      )
      if (refused) return undefined
      const [item, app] = await Promise.all([read(calls, { id }), read(apps, keyOf(container))])
      const call = item && toCall(item)
      // Taken away from it already, as a cancelled call is.
      if (call?.lease !== lease || call.status !== 'running') return undefined
      if (call.pin !== undefined) {
        await setApart(containers, container.id, id)
        return call
      }
      if (app?.liveVersion === container.version) return call
      await takeBack(items, call, container, at)
      return undefined
    },
  }
}

function give(calls: CallEntity, id: string, container: Container, lease: string, at: number): Write {
  const { env, app, function: name, version } = container
  return calls
    .build(UpdateTransaction)
    .item({
      id,
      status: 'running',
      container: container.id,
      version,
      lease,
      attempts: $add(1),
      startedAt: at,
      pendingIn: $remove(),
      place: $remove(),
      dueIn: $remove(),
    })
    .options({
      condition: {
        and: [
          { attr: 'status', eq: 'pending' },
          { attr: 'availableAt', lte: at },
          { attr: 'env', eq: env },
          { attr: 'app', eq: app },
          { attr: 'function', eq: name },
          {
            or: [
              { attr: 'pin', eq: version },
              {
                and: [
                  { attr: 'pin', exists: false },
                  { attr: 'acceptedVersion', lte: version },
                ],
              },
            ],
          },
        ],
      },
    })
}

/** As if it had never been given. */
async function takeBack(
  { calls, containers }: Items,
  call: Call,
  container: Container,
  at: number,
): Promise<void> {
  const back = calls
    .build(UpdateTransaction)
    .item({
      ...whileWaiting(call),
      id: call.id,
      status: 'pending',
      container: $remove(),
      version: $remove(),
      lease: $remove(),
      attempts: $add(-1),
      ...(call.attempts === 1 && { startedAt: $remove() }),
    })
    .options({
      condition: {
        and: [
          { attr: 'status', eq: 'running' },
          { attr: 'lease', eq: call.lease ?? '' },
        ],
      },
    })
  await writeAll(back, giveBack(containers, container.id, call.id, at))
}
