import { describe } from 'node:test'
import type { Store } from '../../control/store-port.ts'
import { appStoreContract } from './store-apps.ts'
import { auditStoreContract } from './store-audit.ts'
import { autoscalerStoreContract } from './store-autoscaler.ts'
import { callStoreContract } from './store-calls.ts'
import { collectionStoreContract } from './store-collection.ts'
import { containerStoreContract } from './store-containers.ts'
import { environmentStoreContract } from './store-environments.ts'

import { leaseStoreContract } from './store-leases.ts'

import { noticeStoreContract } from './store-notices.ts'

import { scheduleStoreContract } from './store-schedules.ts'
import { secretStoreContract } from './store-secrets.ts'
import { sessionStoreContract } from './store-sessions.ts'
import { stagedStoreContract } from './store-staged.ts'
import { tokenStoreContract } from './store-tokens.ts'
import { usageStoreContract } from './store-usage.ts'

/** What every implementation of the port `Store` promises. */
export function storeContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps the store's promises`, () => {
    appStoreContract(makeStore)
    containerStoreContract(makeStore)
    callStoreContract(makeStore)
    scheduleStoreContract(makeStore)
    secretStoreContract(makeStore)
    environmentStoreContract(makeStore)
    collectionStoreContract(makeStore)
    auditStoreContract(makeStore)
    autoscalerStoreContract(makeStore)
    leaseStoreContract(makeStore)
    noticeStoreContract(makeStore)
    tokenStoreContract(makeStore)
    sessionStoreContract(makeStore)
    usageStoreContract(makeStore)
    stagedStoreContract(makeStore)
  })
}
