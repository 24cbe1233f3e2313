import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { VersionView } from '../../protocol/api.ts'
import { prepare } from '../../sdk/deploy/prepare.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { type ApiAnswer, until } from './reached.ts'

const BY_CLI = 5
const BY_API = 45
const DEPLOYS = BY_CLI + BY_API
/** So many deploys at a time leave something to do. */
const SETTLED_MS = 60_000

const source = (mark: string) => `
import { App } from 'sluice'

const app = new App('contested')

export const mark = app.function({ minContainers: 1 }, async () => process.env.MARK ?? '${mark}')

export default app
`

let installation: Installation
let folders: AppFolder[]

before(async () => {
  installation = await Installation.start()
  const marks = Array.from({ length: BY_CLI }, (_, n) => `by CLI ${n}`)
  folders = await Promise.all(marks.map((mark) => AppFolder.create({ 'app.ts': source(mark) })))
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  for (const folder of folders) await folder[Symbol.asyncDispose]()
})

test(`${DEPLOYS} deploys of one app at the same time make versions 1 to ${DEPLOYS}, and the highest goes live`, async () => {
  const post = await poster()
  const [commands, answers] = await Promise.all([
    Promise.all(folders.map(({ entry }) => installation.cli('deploy', entry, '--json'))),
    Promise.all(Array.from({ length: BY_API }, (_, n) => post(`by API ${n}`))),
  ])
  const marks = new Map<number, string>()
  for (const [n, { code, stdout, stderr }] of commands.entries()) {
    assert.equal(code, 0, stderr)
    marks.set(JSON.parse(stdout).version, `by CLI ${n}`)
  }
  for (const [n, { status, body }] of answers.entries()) {
    assert.equal(status, 202, JSON.stringify(body))
    marks.set(body.version, `by API ${n}`)
  }
  const wanted = Array.from({ length: DEPLOYS }, (_, n) => n + 1)
  assert.deepEqual(
    [...marks.keys()].sort((a, b) => a - b),
    wanted,
  )

  const isLive = async () => (await liveVersion()) === DEPLOYS
  await until('the highest version to be live', isLive, SETTLED_MS)
  const history = await readHistory()
  assert.deepEqual(
    history.map(({ version }) => version),
    wanted.toReversed(),
  )
  const [newest, ...older] = history
  assert.equal(newest?.status, 'live')
  for (const { version, status } of older) assert.equal(status, 'superseded', `v${version}`)
  assert.equal((await installation.json('call', 'contested.mark')).result, marks.get(DEPLOYS))
  const isAlone = async () => {
    const { items } = await installation.json('container', 'list', 'contested')
    return items.length === 1 && items[0].version === DEPLOYS
  }
  await until('the containers of all others to be gone', isAlone, SETTLED_MS)
})

/** Deploys by API what differs in nothing but a mark; its bundle is uploaded before, as part of another app. */
async function poster(): Promise<(mark: string) => Promise<ApiAnswer>> {
  const [folder = assert.fail()] = folders
  await installation.run('deploy', folder.entry, '--name', 'elsewhere')
  const { manifest } = await prepare(folder.entry)
  return (mark) => {
    const functions = structuredClone(manifest.functions)
    for (const spec of Object.values(functions)) spec.env = { MARK: mark }
    return installation.api('POST', '/v1/apps/contested/versions', { manifest: { ...manifest, functions } })
  }
}

async function liveVersion(): Promise<number | undefined> {
  return (await installation.json('app', 'describe', 'contested')).liveVersion
}

async function readHistory(): Promise<VersionView[]> {
  const items: VersionView[] = []
  let query = 'limit=20'
  for (;;) {
    const { body } = await installation.api('GET', `/v1/apps/contested/versions?${query}`)
    items.push(...body.items)
    if (body.cursor === undefined) return items
    query = `limit=20&cursor=${body.cursor}`
  }
}
