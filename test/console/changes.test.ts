import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console } from './console.ts'

const source = (greeting: string) => `
import { App } from 'sluice'
const app = new App('shop')
export const greet = app.function(() => '${greeting}')
export default app
`

let installation: Installation
let folder: AppFolder
let console: Console
before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
  await deploy('hello')
  if (!WITHOUT_CHROMIUM) console = await Console.open(installation)
})
after(async () => {
  await console?.[Symbol.asyncDispose]()
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const deploy = async (greeting: string) => {
  await folder.write('app.ts', source(greeting))
  await installation.run('deploy', folder.entry)
}

test('a deploy in the terminal changes the page, also after the control plane was away', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await console.visit('/apps/main/shop')
  let loads = 0
  page.on('load', () => loads++)
  await page.getByRole('link', { name: 'v1' }).first().waitFor()
  await deploy('good day')
  await page.getByRole('link', { name: 'v2' }).first().waitFor()
  await installation.kill()
  await page.getByText('The control plane does not answer').first().waitFor()
  await installation.up()
  await deploy('good evening')
  await page.getByRole('link', { name: 'v3' }).first().waitFor()
  await page.getByText('The control plane does not answer').first().waitFor({ state: 'detached' })
  assert.equal(loads, 0)
})

test('one stream tells of all changes', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await console.visit('/')
  const streamed = page.waitForResponse(/\/v1\/changes/)
  await page.goto(`${installation.url}/apps/main/shop`)
  await streamed
  const asked: string[] = []
  await page.getByRole('link', { name: 'v3' }).first().waitFor()
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await deploy('good night')
  await page.getByRole('link', { name: 'v4' }).first().waitFor()
  assert.equal(asked.includes('/v1/changes'), false, 'the stream goes on')
})
