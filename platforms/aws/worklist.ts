import { SQSClient } from '@aws-sdk/client-sqs'
import type { Clock, Worklist } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import { systemClock } from './clock.ts'
import { resourcesTable } from './resources-table.ts'
import type { Settings } from './settings.ts'
import { DueApps, soon } from './worklist/due-apps.ts'
import { WorkMessages } from './worklist/messages.ts'
import { type BatchResponse, receiveWork, type Work } from './worklist/receive-work.ts'

/** An app that should have been seen to so long ago has lost its message. */
const LOST_MS = 30_000

export interface AwsWorklist extends Worklist {
  /** Does the work that the messages of an SQS event ask for. */
  receive(records: unknown[], work: Work): Promise<BatchResponse>
  /** Asks again for what was lost; to be called now and then. */
  resendLost(): Promise<void>
}

export function makeWorklist(settings: Settings): AwsWorklist {
  return new SqsWorklist({
    apps: new DueApps(resourcesTable(settings)),
    messages: new WorkMessages(new SQSClient(CLIENT_SETTINGS), settings.workQueueUrl),
    clock: systemClock,
  })
}

interface Parts {
  apps: DueApps
  messages: WorkMessages
  clock: Clock
}

/** A table says which apps are due and when, and SQS brings each at its time: what it loses or doubles, the table knows. */
export class SqsWorklist implements AwsWorklist {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async add(key: AppKey, at?: number): Promise<void> {
    const { apps, messages, clock } = this.#parts
    const now = clock.now()
    const dueAt = at === undefined ? now : soon(at, now)
    if (await apps.ask(key, dueAt, now)) await messages.send({ key, dueAt }, dueAt - now)
  }

  receive(records: unknown[], work: Work): Promise<BatchResponse> {
    return receiveWork(this.#parts, records, work)
  }

  async resendLost(): Promise<void> {
    const { apps, messages, clock } = this.#parts
    await messages.sendAll(await apps.overdue(clock.now() - LOST_MS))
  }
}
