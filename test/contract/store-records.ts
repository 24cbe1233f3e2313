import assert from 'node:assert/strict'
import type { AuditEntry, CallDraft, Container, Version, VersionDraft } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'

/** What the suites of the store write, and the shortest way to the state that they begin from. */

export const KEY = { env: 'main', app: 'shop' }
export const PAGE = { limit: 10 }

export function draft(
  functions: Record<string, FunctionSpecInput> = { work: { kind: 'plain' }, page: { kind: 'web' } },
): VersionDraft {
  const manifest = Manifest.parse({
    app: KEY.app,
    bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
    functions,
  })
  return {
    ...KEY,
    origin: 'deploy',
    strategy: 'rolling',
    client: 'test',
    deployedBy: 'ann',
    deployedAt: 1,
    manifest,
    manifestHash: 'hash',
  }
}

export async function begin(store: Store, of = draft()): Promise<Version> {
  const begun = await store.beginVersion(of, new Map())
  assert.equal(begun.kind, 'begun')
  return begun.kind === 'begun' ? begun.version : assert.fail()
}

export async function live(store: Store, of = draft()): Promise<void> {
  const { version } = await begin(store, of)
  assert.equal(await store.cutOver(of, version, version), true)
}

export function container(id: string, version = 1): Container {
  return {
    ...KEY,
    id,
    function: 'work',
    version,
    state: 'starting',
    running: 0,
    requests: 0,
    launched: false,
    startedAt: 1,
    seenAt: 1,
  }
}

let order = 0

export async function ready(store: Store, id: string, version: number): Promise<Container> {
  const active = (await store.containers(KEY)).filter(
    (other) => other.version === version && other.state !== 'draining',
  )
  assert.equal(
    await store.reserveContainer(container(id, version), { expect: active.length, max: 100 }),
    true,
  )
  return (await store.containerReady(id, undefined, ++order)) ?? assert.fail()
}

export function call(id: string, acceptedVersion: number): CallDraft {
  return {
    ...KEY,
    id,
    function: 'work',
    acceptedVersion,
    source: 'api',
    args: { json: '[]' },
    fingerprint: id,
    createdAt: 1,
  }
}

/** Outside of `main`, versions begin only where there is an environment. */
export async function openEnvironment(store: Store, name: string): Promise<void> {
  const entry: AuditEntry = { id: `au-${name}`, env: name, at: 1, action: 'environment.created', by: 'ann' }
  await store.createEnvironment({ name, createdAt: 1, createdBy: 'ann', isClosed: false }, entry)
}
