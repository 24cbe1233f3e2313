import * as z from 'zod'
import type { ReconcilePorts } from '../../control/apply.ts'
import { reconcile } from '../../control/reconcile.ts'
import type { AppKey } from '../../protocol/names.ts'

/** Tells the queue which messages are to come again. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[]
}

interface Work {
  run: (key: AppKey) => Promise<number | undefined>
  report: ReportFailure
}

export type ReportFailure = (failure: { error: unknown } & Record<string, unknown>) => void

type WorkPorts = ReconcilePorts & {
  /** Does what a batch of messages asks for, each app's once. */
  worklist: { receive(records: unknown[], work: Work): Promise<BatchResponse> }
}

const Batch = z.object({ Records: z.array(z.unknown()) })

/** Apps whose time has come are brought towards what is wished. */
export function makeWorkDueHandler(
  ports: WorkPorts,
  report: ReportFailure,
): (event: unknown) => Promise<BatchResponse> {
  const run = (key: AppKey) => reconcile(ports, key)
  return (event) => ports.worklist.receive(Batch.parse(event).Records, { run, report })
}
