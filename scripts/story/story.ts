import { execFileSync } from 'node:child_process'
import { AppFolder } from '../../test/e2e/app-folder.ts'
import type { Installation } from '../../test/e2e/installation.ts'
import { sluice, until } from '../../test/e2e/reached.ts'
import { fillPast } from './past.ts'
import { shopSource, smallSource } from './shop.ts'

const PHOTOS = 40
const SEARCHES = 30
const VISITS = 60
const EXPORT_SECONDS = 600
const OTHERS = ['newsletter', 'price-watch', 'thumbnails']

interface Chapter {
  hoursAgo: number
  by: 'ann' | 'ben' | 'ci'
  subject: string
  tag?: string
  resizers?: number
  broken?: boolean
}

const CHAPTERS: Chapter[] = [
  { hoursAgo: 27, by: 'ann', subject: 'Open the shop', tag: '2026.10' },
  { hoursAgo: 21, by: 'ci', subject: 'Resize three photos at a time', resizers: 3 },
  { hoursAgo: 9, by: 'ben', subject: 'Keep the stock in Postgres', broken: true },
  { hoursAgo: 5, by: 'ci', subject: 'Sell gift cards', tag: '2026.11', resizers: 3 },
]

/** Runs something while the control plane believes that it is so many hours earlier. */
export type Earlier = (hours: number, run: () => Promise<void>) => Promise<void>

/** Has a shop deployed by three people over a day, and leaves it in the middle of a hand-over. */
export async function tell(installation: Installation, earlier: Earlier): Promise<void> {
  await using shop = await AppFolder.create({})
  await shop.write('.gitignore', 'node_modules')
  git(shop.path, 'ann', 'init', '--quiet', '--initial-branch=main')
  const tokens: Record<string, string> = {}
  for (const [i, chapter] of CHAPTERS.entries())
    await earlier(chapter.hoursAgo, async () => {
      if (i === 0) for (const name of ['ann', 'ben', 'ci']) tokens[name] = await tokenFor(installation, name)
      await deploy(installation, shop, chapter, tokens)
    })
  await earlier(3, async () => {
    const asked = { version: 2, reason: 'Gift cards were sold twice', client: 'sluice/0.1.0' }
    await installation.api('POST', '/v1/apps/shop/rollback', asked, tokens.ben)
    await isLive(installation, 5)
    await pause(installation)
  })
  await earlier(2, () =>
    deploy(
      installation,
      shop,
      { hoursAgo: 2, by: 'ann', subject: 'Sell each gift card once', resizers: 3 },
      tokens,
    ),
  )
  await fillPast(installation.dir)
  await installation.up()
  for (const name of OTHERS) await deployOther(installation, name)
  await installation.api('POST', '/v1/apps/newsletter/stop', { reason: 'Moved to the marketing team' })
  await trade(installation)
  await exportMonths(installation, ['July', 'August', 'September', 'October'])
  await deploy(
    installation,
    shop,
    { hoursAgo: 0, by: 'ci', subject: 'Show the price of a parcel', tag: '2026.12', resizers: 4 },
    tokens,
  )
  await trade(installation)
  await exportMonths(installation, ['June', 'May'])
}

/** Calls that take their time. */
async function exportMonths(installation: Installation, months: string[]): Promise<void> {
  const before = await running(installation)
  for (const month of months)
    await installation.json('call', 'shop.exportOrders', month, String(EXPORT_SECONDS), '--spawn')
  await until('the exports to run', async () => (await running(installation)) === before + months.length)
}

async function deploy(
  installation: Installation,
  shop: AppFolder,
  { by, subject, tag, resizers = 2, broken = false }: Chapter,
  tokens: Record<string, string>,
): Promise<void> {
  await shop.write('app.ts', shopSource({ greeting: subject, resizers, broken }))
  git(shop.path, by, 'add', '.')
  git(shop.path, by, 'commit', '--quiet', '--message', subject)
  const options = tag === undefined ? [] : ['--tag', tag]
  await sluice(['deploy', shop.entry, ...options], {
    ...installation.variables,
    SLUICE_TOKEN: tokens[by] ?? '',
  })
}

async function deployOther(installation: Installation, name: string): Promise<void> {
  await using folder = await AppFolder.create({ 'app.ts': smallSource(name) })
  await installation.run('deploy', folder.entry)
}

/** What a quarter of an hour in a shop brings. */
async function trade(installation: Installation): Promise<void> {
  const call = (name: string, arg: string) =>
    installation.api('POST', `/v1/apps/shop/functions/${name}/calls`, { args: [arg], wait: 20 })
  const photos = Array.from({ length: PHOTOS }, (_, i) =>
    call('resizePhoto', `chair-${i}.${i % 13 ? 'jpg' : 'heic'}`),
  )
  const words = ['oak table', 'lamp', 'gift card', 'blue chair']
  const searches = Array.from({ length: SEARCHES }, (_, i) => call('search', words[i % words.length] ?? ''))
  const visits = Array.from({ length: VISITS }, () => installation.web('shop-site'))
  await Promise.all([...photos, ...searches, ...visits])
}

async function pause(installation: Installation): Promise<void> {
  const path = '/v1/apps/shop/schedules/nightlyReport/pause'
  await installation.api('POST', path, { reason: 'The printer is on holiday until Monday' })
}

async function isLive(installation: Installation, version: number): Promise<void> {
  await until(`v${version} to be live`, async () => {
    const { body } = await installation.api('GET', '/v1/apps/shop')
    return body.liveVersion === version
  })
}

async function running(installation: Installation): Promise<number> {
  return (await installation.api('GET', '/v1/apps/shop/calls?status=running')).body.items.length
}

async function tokenFor(installation: Installation, name: string): Promise<string> {
  return (await installation.api('POST', '/v1/tokens', { name, role: 'deployer' })).body.token
}

function git(path: string, author: string, ...args: string[]): void {
  const config = ['-c', `user.name=${author}`, '-c', `user.email=${author}@shop.example`]
  execFileSync('git', [...config, ...args], { cwd: path })
}
