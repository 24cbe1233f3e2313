import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page, Request } from 'playwright-core'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console } from './console.ts'
import { CROWD, crowd, LONE } from './crowd.ts'
import { FLEET } from './fleet.ts'
import { type Subject, Traffic, VIEW_NAMES, VIEWS, type ViewName } from './views.ts'

/** How many things a view may ask for, and what it may have drawn and be told at most, whatever there is. */
const MOST = { asked: 9, nodes: 3_500, bytes: 500_000 } as const
/** As many more things to ask for as one for a second page, such as of what is found only where there is more. */
const SLACK = 2

let installation: Installation
let console: Console
before(async () => {
  if (WITHOUT_CHROMIUM) return
  installation = await Installation.startOn(crowd)
  console = await Console.open(installation)
})
after(async () => {
  try {
    await console?.[Symbol.asyncDispose]()
  } finally {
    // What stands in the store has no processes that could be given time to end.
    await installation?.kill()
    await installation?.[Symbol.asyncDispose]()
  }
})

const skip = WITHOUT_CHROMIUM

test(`an installation of ${CROWD.apps} apps and ${CROWD.containers} containers stands as it was filled`, {
  skip,
}, async () => {
  const { containers } = await get(`/v1/apps/${FLEET}`)
  const { starting, ready, draining } = containers
  assert.equal(starting + ready + draining, CROWD.containers)
})

for (const name of VIEW_NAMES)
  test(`the view ${name} asks, is told and draws no more for there being very much of everything`, {
    skip,
  }, async () => {
    const few = await cost(name, await subject(LONE))
    const many = await cost(name, await subject(FLEET))
    assert.ok(
      many.asked <= few.asked + SLACK,
      `${many.asked} things are asked for, ${few.asked} where little is`,
    )
    for (const [what, most] of Object.entries(MOST))
      assert.ok(
        many[what as keyof typeof MOST] <= most,
        `${name}: ${what}: ${many[what as keyof typeof MOST]}`,
      )
  })

test('a list that goes on grows by one page for one request', { skip }, async () => {
  const page = await console.visit('/sign-in')
  await page.addInitScript(HEARS_CHANGES)
  const lists = { calls: 'older calls', containers: 'older containers', app: 'older versions' } as const
  for (const [name, more] of Object.entries(lists)) {
    const traffic = new Traffic(page)
    await page.goto(installation.url + VIEWS[name as keyof typeof lists](await subject(FLEET)))
    await page.evaluate('heard')
    await traffic.settled(page)
    const nodes = await nodesOf(page)
    const asked = page.waitForRequest(/[?&]cursor=/)
    await page.getByRole('button', { name: `Show ${more}` }).click()
    await asked
    await traffic.settled(page)
    assert.equal(traffic.requests.filter((url) => /[?&]cursor=/.test(url)).length, 1, name)
    const grown = (await nodesOf(page)) - nodes
    assert.ok(grown > 0 && grown < MOST.nodes, `${name}: ${grown} more`)
  }
})

/** `heard` resolves as the stream of changes opens: only then has everything been asked once more. */
const HEARS_CHANGES = `
  const ask = fetch
  globalThis.heard = new Promise((resolve) => {
    globalThis.fetch = async (...asked) => {
      const answer = await ask(...asked)
      if (!String(asked[0]).startsWith('/v1/changes')) return answer
      const piece = (text, out) => {
        out.enqueue(text)
        resolve()
      }
      return new Response(answer.body.pipeThrough(new TransformStream({ transform: piece })), answer)
    }
  })
`

/** What it takes to show a view. */
async function cost(name: ViewName, of: Subject): Promise<Record<keyof typeof MOST, number>> {
  const page = await console.visit('/sign-in')
  // What the page before still asks for is not this one's.
  await page.goto('about:blank')
  const traffic = new Traffic(page)
  const answers: Promise<{ responseBodySize: number }>[] = []
  const counted = (request: Request) => {
    if (request.url().includes('/v1/')) answers.push(request.sizes())
  }
  page.on('requestfinished', counted)
  await page.goto(installation.url + VIEWS[name](of))
  await traffic.settled(page)
  const nodes = await nodesOf(page)
  page.off('requestfinished', counted)
  const bytes = (await Promise.all(answers)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)
  await page.context().close()
  return { asked: new Set(traffic.requests.map(untimed)).size, nodes, bytes }
}

/** What is asked for: once more where the stream of changes opens after the answer, of a time that has gone on. */
function untimed(request: string): string {
  const url = new URL(request, installation.url)
  for (const time of ['since', 'until']) url.searchParams.delete(time)
  return url.pathname + url.search
}

const nodesOf = (page: Page): Promise<number> => page.evaluate('document.querySelectorAll("*").length')

async function subject(app: string): Promise<Subject> {
  const [first] = (await get(`/v1/apps/${app}`)).functions
  const [call] = (await get(`/v1/apps/${FLEET}/calls?limit=1`)).items
  return { app, function: first.name, call: call.id }
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape the route documents.
async function get(path: string): Promise<any> {
  const answer = await fetch(installation.url + path, {
    headers: { authorization: `Bearer ${installation.token}` },
  })
  return answer.json()
}
