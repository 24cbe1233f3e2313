import assert from 'node:assert/strict'
import type { Ports, Secrets } from '../../control/ports.ts'
import { removeSecretVersion, unneededSecretVersions } from '../../control/secret-remains.ts'
import { writeSecret } from '../../control/secrets.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { FaultInjector } from './fault-injector.ts'

export const SECRET = { env: 'main', name: 'key' }
/** What it holds tells which version it is. */
const VARIABLE = 'WRITTEN'
/** Longer than any deploy takes to be written down, where it goes on or where it may stand still meanwhile. */
const SETTLED_MS = { goingOn: 2_000, standingStill: 120_000 } as const

/** Somebody writes a new version, with values of its own. */
export async function rotate(ports: Ports, mark: string, key = SECRET): Promise<void> {
  await writeSecret(ports, { key, variables: { [VARIABLE]: mark }, force: true, by: mark })
}

/** As the collection does, though with less patience. */
export async function clearSecrets(
  ports: Ports,
  { injector, clockErrorMs }: { injector: FaultInjector; clockErrorMs: number },
): Promise<void> {
  const mayStandStill = injector.canOccur('pause') || injector.canOccur('freeze')
  const settledMs = SETTLED_MS[mayStandStill ? 'standingStill' : 'goingOn'] + clockErrorMs
  const unneeded = await unneededSecretVersions(ports, SECRET.env, ports.clock.now() - settledMs)
  for (const version of unneeded) await removeSecretVersion(ports, version)
}

/** What a container of the version is to be given, by what is recorded of it: who wrote a secret is its value. */
export function secretsOf(store: SqliteStore, version: number, functionName: string): Record<string, string> {
  const row = store.database.get(
    `select s.written_by from versions v, json_each(v.manifest, '$.functions.' || $functionName || '.secrets') n
     join secret_versions s on s.name = n.value and s.version = v.record ->> ('$.secretVersions.' || n.value)
     where v.version = $version`,
    { version, functionName },
  )
  return row ? { [VARIABLE]: String(row.written_by) } : {}
}

/** No version of an app that could run again lost what it was deployed with, and no values are left that nobody knows of. */
export async function checkSecrets(store: SqliteStore, secrets: Secrets): Promise<void> {
  const pins = await store.secretPins(SECRET.env)
  for (const { app, version, secret, secretVersion } of pins.filter(({ status }) => status !== 'failed')) {
    const values = await secrets.get({ env: SECRET.env, name: secret, version: secretVersion })
    assert.ok(values, `secrets: v${version} of ${app} lost ${secret} ${secretVersion}`)
  }
  const unknown = store.database.all(
    `select name, version from secret_values
     except select name, version from secret_versions`,
  )
  assert.deepEqual(unknown, [], 'secrets: values are kept that nobody knows of')
}
