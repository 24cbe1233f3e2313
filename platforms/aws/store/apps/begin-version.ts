import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import type { AuditEntry, Version, VersionDraft } from '../../../../control/model.ts'
import { keyOf } from '../../../../control/model.ts'
import { collectAtAfter } from '../../../../control/retention.ts'
import type { BeginVersion } from '../../../../control/store-port.ts'
import { SluiceError } from '../../../../protocol/errors.ts'
import { appLabel } from '../../../../protocol/names.ts'
import { entryPuts } from '../audit.ts'
import { read } from '../dynamodb/read.ts'
import type { Write } from '../dynamodb/transaction.ts'
import { openCheck } from '../environments.ts'
import { type AppItem, rollingOf, stagedOf, versionSet } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import { pin } from '../secrets/pins.ts'
import { type Change, changeApp } from './change.ts'
import { claim, withLabels } from './labels.ts'
import { packed } from './manifests.ts'

/**
 * So many may be with the version in one transaction, which has a hundred items at most ("TransactWriteItems", DynamoDB
 * API Reference).
 */
const MOST_GUARDS = 95

interface Begun {
  begun: BeginVersion
  /** Why it is not written, by the place of the write whose condition does not hold. */
  hindrances: Hindrance[]
}

type Hindrance =
  | { kind: 'label_taken'; label: string }
  | Extract<BeginVersion, { kind: 'no_environment' | 'secret_gone' }>

/** What is written only if nothing hinders it, and the version with it. */
interface Guard {
  write: Write
  hindrance: Hindrance
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
    const hindrance = outcome.hindrances[first]
    if (!hindrance) throw new Error(`There is a version after the last one of ${appLabel(draft)}.`)
    if (hindrance.kind !== 'label_taken') return hindrance
    const owner = await read(items.labels, { label: hindrance.label })
    // Otherwise its owner has let go of it meanwhile.
    if (owner)
      return {
        ...hindrance,
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
    return { outcome: { begun: { kind: 'conflict', lastVersion }, hindrances: [] } }
  const version: Version = {
    ...rest,
    version: lastVersion + 1,
    status: draft.staged ? 'staged' : 'rolling',
    steps: [],
    ...(app?.liveVersion !== undefined && { replaced: app.liveVersion }),
  }
  const isStaged = version.status === 'staged'
  const guards = guardsOf(items, app, wanted)
  return {
    outcome: { begun: { kind: 'begun', version }, hindrances: guards.map(({ hindrance }) => hindrance) },
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
      ...guards.map(({ write }) => write),
      ...versionWrites(items, version, content),
      ...entryPuts(items.entries, entry && { ...entry, version: version.version }),
    ],
  }
}

function guardsOf(
  { labels, environments, secrets }: DeployItems,
  app: AppItem | undefined,
  { draft, ...wanted }: Wanted,
): Guard[] {
  const claims = [...wanted.labels].filter(([label, name]) => app?.labels[label] !== name)
  const pins = Object.entries(draft.secretVersions ?? {})
  const guards: Guard[] = [
    ...claims.map(([label, name]) => ({
      write: claim(labels, draft, label, name),
      hindrance: { kind: 'label_taken' as const, label },
    })),
    ...openCheck(environments, draft.env).map((write) => ({
      write,
      hindrance: { kind: 'no_environment' as const },
    })),
    ...pins.map(([name, version]) => ({
      write: pin(secrets, { env: draft.env, name, version }, draft.deployedAt),
      hindrance: { kind: 'secret_gone' as const, secret: name },
    })),
  ]
  if (guards.length <= MOST_GUARDS) return guards
  throw new SluiceError(
    'invalid_manifest',
    `A version of ${appLabel(draft)} would have ${claims.length} new web addresses and ${pins.length} secrets, and can have ${MOST_GUARDS} of both together. Make several apps of it.`,
  )
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
