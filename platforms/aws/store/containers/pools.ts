import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add } from 'dynamodb-toolbox/entity/actions/update/symbols'
import { keyOf } from '../../../../control/model.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import type { Write } from '../dynamodb/transaction.ts'
import type { Pools } from '../items/pool.ts'

interface Member extends AppKey {
  function: string
  version: number
  apart?: boolean | undefined
}

/** One more, if its version has `expect` and the function fewer than `max`; one that is apart counts for its version alone. */
export function join(
  pools: Pools,
  member: Member,
  { expect, max }: { expect: number; max: number },
): Write[] {
  const none = { attr: 'active', exists: false } as const
  const version = pools.ofVersion
    .build(UpdateTransaction)
    .item({ ...keyOf(member), function: member.function, version: member.version, active: $add(1) })
    .options({
      condition: expect === 0 ? { or: [none, { attr: 'active', eq: 0 }] } : { attr: 'active', eq: expect },
    })
  if (member.apart) return [version]
  return [
    pools.ofFunction
      .build(UpdateTransaction)
      .item({ ...keyOf(member), function: member.function, active: $add(1) })
      .options({ condition: { or: [none, { attr: 'active', lt: max }] } }),
    version,
  ]
}

export function leave(pools: Pools, member: Member): Write[] {
  const version = pools.ofVersion
    .build(UpdateTransaction)
    .item({ ...keyOf(member), function: member.function, version: member.version, active: $add(-1) })
  if (member.apart) return [version]
  return [
    pools.ofFunction
      .build(UpdateTransaction)
      .item({ ...keyOf(member), function: member.function, active: $add(-1) }),
    version,
  ]
}
