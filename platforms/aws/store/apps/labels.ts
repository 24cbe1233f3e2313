import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { SluiceError } from '../../../../protocol/errors.ts'
import { type AppKey, appLabel } from '../../../../protocol/names.ts'
import type { Write } from '../dynamodb/transaction.ts'
import type { AppItem } from '../items/app.ts'
import type { LabelEntity } from '../items/label.ts'

/**
 * Labels come and go with the app and its versions in one transaction, which has a hundred items at most
 * ("TransactWriteItems", DynamoDB API Reference).
 */
const MOST_LABELS = 90

/** The labels of an app after it has claimed these, too. @throws SluiceError `invalid_manifest` where they are too many */
export function withLabels(
  key: AppKey,
  app: AppItem | undefined,
  claimed: Map<string, string>,
): Record<string, string> {
  const labels = { ...app?.labels, ...Object.fromEntries(claimed) }
  const count = Object.keys(labels).length
  if (count <= MOST_LABELS) return labels
  throw new SluiceError(
    'invalid_manifest',
    `${appLabel(key)} would have ${count} web addresses at once, with those of the version that is live, and can have ${MOST_LABELS}. Make several apps of it.`,
  )
}

/** Makes a label the app's function's, unless it is another app's. */
export function claim(labels: LabelEntity, { env, app }: AppKey, label: string, name: string): Write {
  const isFree: Condition<LabelEntity> = { attr: 'app', exists: false }
  const isOurs: Condition<LabelEntity> = {
    and: [
      { attr: 'env', eq: env },
      { attr: 'app', eq: app },
    ],
  }
  return labels
    .build(PutTransaction)
    .item({ label, env, app, function: name })
    .options({ condition: { or: [isFree, isOurs] } })
}

/** Lets go of all labels of the app but these. */
export function release(
  labels: LabelEntity,
  app: AppItem,
  kept: string[] = [],
): { labels: Record<string, string>; writes: Write[] } {
  const entries = Object.entries(app.labels)
  const dropped = entries.filter(([label]) => !kept.includes(label))
  return {
    labels: Object.fromEntries(entries.filter(([label]) => kept.includes(label))),
    writes: dropped.map(([label]) => labels.build(DeleteTransaction).key({ label })),
  }
}
