import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import type { AuditEntry, Version, VersionDraft } from '../../../../control/model.ts'
import { keyOf } from '../../../../control/model.ts'
import { collectAtAfter } from '../../../../control/retention.ts'
import type { BeginVersion } from '../../../../control/store-port.ts'
import { entryPuts } from '../audit.ts'
import { read } from '../dynamodb/read.ts'
import type { Write } from '../dynamodb/transaction.ts'
import { openCheck } from '../environments.ts'
import { type AppItem, rollingOf, stagedOf, versionSet } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import { type Change, changeApp } from './change.ts'
import { claim, withLabels } from './labels.ts'
import { packed } from './manifests.ts'

interface Begun {
  begun: BeginVersion
  /** Labels that are claimed with it. */
  claimed: string[]
}

export async function beginVersion(items: DeployItems, wanted: Wanted): Promise<BeginVersion> {
  const { draft } = wanted
  const content = packed(draft, draft.manifest)
  for (;;) {
    const { outcome, refused } = await changeApp(items.apps, keyOf(draft), (app) =>
      decide(items, app, wanted, content),
    )
    const [first] = refused
    if (first === undefined) return outcome.begun
    const label = outcome.claimed[first]
    // Behind the labels, see `decide`.
    if (label === undefined) return { kind: 'no_environment' }
    const owner = await read(items.labels, { label })
    // Otherwise its owner has let go of it meanwhile.
    if (owner)
      return {
        kind: 'label_taken',
        label,
        owner: { env: owner.env, app: owner.app, function: owner.function },
      }
  }
}

interface Wanted {
  draft: VersionDraft
  labels: Map<string, string>
  expectVersion: number | undefined
  entry: AuditEntry | undefined
}

function decide(
  items: DeployItems,
  app: AppItem | undefined,
  wanted: Wanted,
  content: Uint8Array,
): Change<Begun> {
  const { draft, expectVersion, entry } = wanted
  const lastVersion = app?.lastVersion ?? 0
  const { leaseUntil, insteadOf, ...rest } = draft
  const isOvertaken = insteadOf !== undefined && insteadOf !== app?.liveVersion
  if (isOvertaken || (expectVersion !== undefined && expectVersion !== lastVersion))
    return { outcome: { begun: { kind: 'conflict', lastVersion }, claimed: [] } }
  const version: Version = {
    ...rest,
    version: lastVersion + 1,
    status: draft.staged ? 'staged' : 'rolling',
    steps: [],
    ...(app?.liveVersion !== undefined && { replaced: app.liveVersion }),
  }
  const isStaged = version.status === 'staged'
  const claims = [...wanted.labels].filter(([label, name]) => app?.labels[label] !== name)
  return {
    outcome: { begun: { kind: 'begun', version }, claimed: claims.map(([label]) => label) },
    next: {
      ...keyOf(draft),
      state: 'deployed',
      lastVersion: version.version,
      liveVersion: app?.liveVersion,
      settledVersion: app?.settledVersion,
      leaseUntil: draft.origin === 'deploy' ? leaseUntil : app?.leaseUntil,
      autoscaler: app?.autoscaler,
      createdAt: app?.collectedAt === undefined ? (app?.createdAt ?? draft.deployedAt) : draft.deployedAt,
      collectAt: collectAtAfter(app, draft.deployedAt),
      rolling: isStaged ? app?.rolling : versionSet([...rollingOf(app ?? {}), version.version]),
      staged: isStaged ? versionSet([...stagedOf(app ?? {}), version.version]) : app?.staged,
      stagings: isStaged ? (app?.stagings ?? 0) + 1 : app?.stagings,
      labels: withLabels(draft, app, wanted.labels),
    },
    writes: [
      ...claims.map(([label, name]) => claim(items.labels, draft, label, name)),
      ...openCheck(items.environments, draft.env),
      ...versionWrites(items, version, content),
      ...entryPuts(items.entries, entry && { ...entry, version: version.version }),
    ],
  }
}

function versionWrites({ versions, manifests }: DeployItems, version: Version, content: Uint8Array): Write[] {
  const { manifest, ...rest } = version
  const number = version.version
  return [
    versions
      .build(PutTransaction)
      .item(rest)
      .options({ condition: { attr: 'status', exists: false } }),
    manifests.build(PutTransaction).item({ ...keyOf(version), version: number, content }),
  ]
}
