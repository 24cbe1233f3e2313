import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Version } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { begin, draft, KEY, live, openEnvironment, PAGE } from './store-records.ts'

/** What every store promises of apps, versions and labels. */
export function appStoreContract(makeStore: () => Promise<Store>): void {
  test('fifty deploys at the same time get the numbers 1 to 50, each once', async () => {
    const store = await makeStore()
    const begun = await Promise.all(Array.from({ length: 50 }, () => begin(store)))
    const numbers = begun.map(({ version }) => version).sort((a, b) => a - b)
    assert.deepEqual(
      numbers,
      Array.from({ length: 50 }, (_, i) => i + 1),
    )
    assert.equal((await store.app(KEY))?.lastVersion, 50)
  })

  test('a deploy that expected another last version changes nothing', async () => {
    const store = await makeStore()
    await begin(store)
    const refused = await store.beginVersion(draft(), new Map(), 0)
    assert.deepEqual(refused, { kind: 'conflict', lastVersion: 1 })
    assert.equal((await store.app(KEY))?.lastVersion, 1)
  })

  test('what nobody thought had to be started is not cut over once somebody has begun to', async () => {
    const store = await makeStore()
    await begin(store)
    await store.recordStep(KEY, 1, { step: 'start', state: 'running', at: new Date(1).toISOString() })
    assert.equal(await store.cutOver(KEY, 1, 1, undefined, { untried: true }), false)
    assert.equal((await store.version(KEY, 1))?.status, 'rolling')
    assert.equal(await store.cutOver(KEY, 1, 1), true)
    await begin(store)
    assert.equal(await store.cutOver(KEY, 2, 2, undefined, { untried: true }), true)
  })

  test('what is to come instead of a version does not bring back an app that was stopped meanwhile', async () => {
    const store = await makeStore()
    await live(store)
    const instead = { ...draft(), insteadOf: 1 }
    await store.beginStop(KEY, { at: 1, deadline: 2, by: 'ann', reason: undefined })
    assert.deepEqual(await store.beginVersion(instead, new Map(), 1), { kind: 'conflict', lastVersion: 1 })
    assert.equal((await store.app(KEY))?.state, 'stopping')
    await live(store)
    const begun = await store.beginVersion({ ...instead, insteadOf: 2 }, new Map(), 2)
    assert.ok(begun.kind === 'begun')
    assert.ok(!('insteadOf' in begun.version))
  })

  test('a label belongs to one app, and a deploy that claims another one’s claims none at all', async () => {
    const store = await makeStore()
    await store.beginVersion(draft(), new Map([['shop-page', 'page']]))
    const other = { ...draft(), app: 'rival' }
    const refused = await store.beginVersion(
      other,
      new Map([
        ['rival', 'page'],
        ['shop-page', 'page'],
      ]),
    )
    assert.deepEqual(refused, {
      kind: 'label_taken',
      label: 'shop-page',
      owner: { ...KEY, function: 'page' },
    })
    assert.equal(await store.label('rival'), undefined)
    assert.equal(await store.app({ env: 'main', app: 'rival' }), undefined)
  })

  test('of apps that claim a label at the same time, one gets it', async () => {
    const store = await makeStore()
    const apps = ['one', 'two', 'three'].map((app) => ({ ...draft(), app }))
    const claims = apps.map((of) => store.beginVersion(of, new Map([['page', 'page']])))
    const kinds = (await Promise.all(claims)).map(({ kind }) => kind).sort()
    assert.deepEqual(kinds, ['begun', 'label_taken', 'label_taken'])
  })

  test('what settles late takes no label from a version that came later, on its way or live', async () => {
    const store = await makeStore()
    await live(store)
    await store.beginVersion(draft(), new Map([['new', 'page']]))
    await store.settle(KEY, { version: 1, stagings: 0 }, [])
    assert.equal((await store.label('new'))?.function, 'page')
    await store.cutOver(KEY, 2, 2)
    await store.settle(KEY, { version: 1, stagings: 0 }, [])
    assert.equal((await store.label('new'))?.function, 'page')
    await store.settle(KEY, { version: 2, stagings: 0 }, [])
    assert.equal(await store.label('new'), undefined)
  })

  test('what a rollout that is given up leaves behind is seen to anew', async () => {
    const store = await makeStore()
    await live(store)
    await store.settle(KEY, { version: 1, stagings: 0 }, [])
    assert.equal((await store.app(KEY))?.settledVersion, 1)
    await begin(store)
    await store.endRollout(KEY, 2, { status: 'failed' })
    assert.equal((await store.app(KEY))?.settledVersion, undefined)
  })

  test('an app that never went live keeps no label', async () => {
    const store = await makeStore()
    for (const _ of [1, 2]) await store.beginVersion(draft(), new Map([['shop-page', 'page']]))
    await store.endRollout(KEY, 1, { status: 'superseded' })
    assert.equal((await store.label('shop-page'))?.function, 'page', 'v2 is on its way')
    await store.endRollout(KEY, 2, { status: 'failed' })
    assert.equal(await store.label('shop-page'), undefined)
  })

  test('cutting over makes the version live and the one before superseded', async () => {
    const store = await makeStore()
    await live(store)
    await live(store)
    const { items } = await store.versions(KEY, PAGE)
    assert.deepEqual(
      items.map(({ version, status }) => [version, status]),
      [
        [2, 'live'],
        [1, 'superseded'],
      ],
    )
    assert.equal((await store.app(KEY))?.liveVersion, 2)
  })

  test('an older version that is ready late does not replace a newer one', async () => {
    const store = await makeStore()
    await begin(store)
    await begin(store)
    assert.equal(await store.cutOver(KEY, 2, 1), true)
    assert.equal(await store.cutOver(KEY, 1, 2), false)
    assert.equal((await store.app(KEY))?.liveVersion, 2)
  })

  test('a rollout that has ended cannot go live, nor end in another way', async () => {
    const store = await makeStore()
    await begin(store)
    const error = { code: 'crashed', message: 'It crashed.', logs: ['last words'] }
    assert.equal(await store.endRollout(KEY, 1, { status: 'failed', error }), true)
    assert.equal(await store.endRollout(KEY, 1, { status: 'superseded' }), false)
    assert.equal(await store.cutOver(KEY, 1, 1), false)
    assert.deepEqual((await store.version(KEY, 1))?.error, error)
  })

  test('a version is read as it was written', async () => {
    const store = await makeStore()
    const written = { ...draft(), tag: 'blue', reason: 'why not', commit: { hash: 'abc', dirty: true } }
    await store.beginVersion(written, new Map())
    const expected: Version = { ...written, version: 1, status: 'rolling', steps: [] }
    assert.deepEqual(await store.version(KEY, 1), expected)
  })

  test('a step is noted once, and the next one after it', async () => {
    const store = await makeStore()
    await begin(store)
    const at = '2026-01-01T00:00:00.000Z'
    const begun = { step: 'start', state: 'running', at } as const
    const done = { step: 'start', state: 'done', at } as const
    for (const step of [begun, begun, done, { ...done, at: 'later' }]) await store.recordStep(KEY, 1, step)
    assert.deepEqual((await store.version(KEY, 1))?.steps, [begun, done])
    await store.recordStep(KEY, 2, begun)
    assert.equal(await store.version(KEY, 2), undefined)
  })

  test('versions on their way are told oldest first, until they have arrived or are given up', async () => {
    const store = await makeStore()
    for (let i = 0; i < 4; i++) await begin(store)
    await store.cutOver(KEY, 2, 1)
    await store.endRollout(KEY, 3, { status: 'superseded' })
    const rolling = await store.rollingVersions(KEY)
    assert.deepEqual(
      rolling.map(({ version, manifest }) => [version, manifest.app]),
      [
        [1, KEY.app],
        [4, KEY.app],
      ],
    )
  })

  test('the apps of an environment come by name, in pages', async () => {
    const store = await makeStore()
    for (const app of ['cherry', 'apple', 'date', 'banana']) await begin(store, { ...draft(), app })
    await openEnvironment(store, 'other')
    await begin(store, { ...draft(), env: 'other', app: 'avocado' })
    const first = await store.apps('main', { limit: 2 })
    const second = await store.apps('main', { limit: 2, cursor: first.cursor })
    const names = [first, second].map(({ items }) => items.map(({ app }) => app))
    assert.deepEqual(names, [
      ['apple', 'banana'],
      ['cherry', 'date'],
    ])
    assert.equal(second.cursor, undefined)
  })

  test('apps are searched for by a part of their name, in capitals or not, in pages of those', async () => {
    const store = await makeStore()
    for (const app of ['Shop-a', 'bench', 'web_shop', 'cherry', 'shopping', 'webXshop'])
      await begin(store, { ...draft(), app })
    const namesOf = async (containing: string) =>
      (await store.apps('main', { ...PAGE, containing })).items.map(({ app }) => app)
    assert.deepEqual(await namesOf('sHOP'), ['Shop-a', 'shopping', 'webXshop', 'web_shop'])
    assert.deepEqual(await namesOf('web_'), ['web_shop'])
    assert.deepEqual(await namesOf('%'), [])
    const first = await store.apps('main', { limit: 3, containing: 'shop' })
    const second = await store.apps('main', { limit: 3, containing: 'shop', cursor: first.cursor })
    assert.deepEqual([first.items.length, second.items.map(({ app }) => app)], [3, ['web_shop']])
    assert.equal(second.cursor, undefined)
  })

  test('a cursor that no page of the list has given out is refused, with what to do', async () => {
    const store = await makeStore()
    for (const _ of [1, 2]) await begin(store)
    const { cursor } = await store.versions(KEY, { limit: 1 })
    const refusal = { code: 'invalid_request', message: /query\.cursor.*leave it out/ }
    for (const wrong of [
      '',
      'garbage',
      '%%%',
      '1',
      btoa('versions:0'),
      btoa('versions:1e9'),
      btoa('versions:9:9'),
    ])
      await assert.rejects(store.versions(KEY, { ...PAGE, cursor: wrong }), refusal, wrong)
    await assert.rejects(store.apps('main', { ...PAGE, cursor }), refusal)
    await assert.rejects(store.calls(KEY, {}, { ...PAGE, cursor }), refusal)
  })

  test('history comes newest first, in pages', async () => {
    const store = await makeStore()
    for (let i = 0; i < 5; i++) await begin(store)
    const first = await store.versions(KEY, { limit: 2 })
    const second = await store.versions(KEY, { limit: 2, cursor: first.cursor })
    const third = await store.versions(KEY, { limit: 2, cursor: second.cursor })
    const numbers = [first, second, third].map(({ items }) => items.map(({ version }) => version))
    assert.deepEqual(numbers, [[5, 4], [3, 2], [1]])
    assert.equal(third.cursor, undefined)
  })

  test('a stop takes the live and the rolling version out of service, once; a deploy brings the app back', async () => {
    const store = await makeStore()
    await live(store)
    await begin(store)
    const stop = { at: 5, deadline: 9, by: 'ann', reason: 'done' }
    const stopping = await store.beginStop(KEY, stop)
    assert.equal(stopping?.state, 'stopping')
    assert.equal(stopping?.liveVersion, undefined)
    assert.equal(await store.cutOver(KEY, 2, 6), false)
    assert.equal((await store.beginStop(KEY, { ...stop, at: 7 }))?.stoppedAt, 5)
    await store.finishStop(KEY)
    assert.equal((await store.app(KEY))?.state, 'stopped')
    assert.equal((await begin(store)).version, 3)
    assert.equal((await store.app(KEY))?.state, 'deployed')
  })
}
