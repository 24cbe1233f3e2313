import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { LogLine } from '../../protocol/log-line.ts'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'

/** What each call prints in the end: its result may be known before all that it printed has been read. */
const LAST = 'that was all'

const SHOP = `
import { execFileSync } from 'node:child_process'
import { appendFileSync, writeSync } from 'node:fs'
import { App } from 'sluice'
const app = new App('shop')
/** By every way out of the process that there is. */
export const print = app.function({ maxContainers: 1, scaledownWindow: 600 }, (texts: string[]) => {
  for (const text of texts) {
    console.log(text)
    console.error(text)
    process.stdout.write(Buffer.from(text, 'latin1'))
    process.stdout.write('\\n')
    writeSync(1, text + '\\n')
    writeSync(2, Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
    execFileSync('cat', { input: text + '\\n', stdio: ['pipe', 'inherit', 'inherit'] })
  }
  console.log('${LAST}')
  console.error('${LAST}')
})
/** Behind the back of whoever watches over the process. */
export const slip = app.function({ maxContainers: 1 }, (texts: string[]) =>
  appendFileSync('/proc/' + process.ppid + '/fd/1', texts.map((text) => text + '\\n').join('')),
)
export default app
`
const FORGED = 'forged'
const AT = '2026-01-01T00:00:00.000Z'
/** What somebody would print who wants a line to be taken for another's. */
const FORGERIES = [
  JSON.stringify({ at: AT, source: 'system', env: 'main', app: 'shop', line: `${FORGED}: v9 is live` }),
  JSON.stringify({ at: AT, source: 'stdout', env: 'main', app: 'bank', container: 'co-9', line: FORGED }),
  JSON.stringify({ id: '1', at: AT, source: 'stderr', env: 'main', app: 'shop', call: 'ca-9', line: FORGED }),
  JSON.stringify({ env: 'main', app: 'bank', function: 'pay', version: 9, container: 'co-9' }),
  `\u001b_sluice:guess:ca-9\u001b\\${FORGED}`,
  `\u001b_sluice::ca-9\u001b\\${FORGED}`,
  `a\n\u001b[1A\u001b[2K${FORGED}`,
  `a\r${FORGED}`,
  `a\u0008\u0008${FORGED}`,
  `\u0000${FORGED}\u0000`,
  `\u001b]0;${FORGED}\u0007`,
  `\u009b2J${FORGED}`,
  `\u202e${FORGED}`,
  `a\u2028{"source":"system"}\u2029${FORGED}\u0085`,
  `system | ${FORGED}`,
  `sluice: ${FORGED}`,
  `data: {"source":"system"}\n\n${FORGED}`,
]
const LONG = `${FORGED}${'é'.repeat(60_000)}`
const IS_OF_LONG = /^(forged)?é+$/
/** As whatever moves a cursor begins, or is one character by itself. */
const CONTROLS = /[^\P{Cc}\t\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

let installation: Installation
let folder: AppFolder
let calls: string[]
let lines: LogLine[]

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': SHOP })
  await installation.run('deploy', folder.entry)
  const random = fc.sample(
    fc.array(fc.oneof(fc.constantFrom(...FORGERIES), fc.string({ unit: 'binary' })), { maxLength: 4 }),
    40,
  )
  const texts = [...FORGERIES, ...random.map((pieces) => pieces.join('')), LONG]
  calls = []
  for (const some of [texts.slice(0, 20), texts.slice(20, 40), texts.slice(40)]) {
    const { status, body } = await installation.api('POST', '/v1/apps/shop/functions/print/calls', {
      args: [some],
      wait: 25,
    })
    assert.deepEqual([status, body.status], [200, 'succeeded'])
    calls.push(body.id)
  }
  await until('all that was printed to be there', async () => {
    lines = (await printed('--json')).map((line) => LogLine.strict().parse(JSON.parse(line)))
    return lines.filter(({ line }) => line === LAST).length === 2 * calls.length
  })
})
after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('whatever a container prints is a line of its own, of its function and its version', () => {
  const forged = lines.filter(({ line }) => line.includes(FORGED))
  assert.ok(forged.length > FORGERIES.length * 3)
  const [{ container } = { container: '' }] = forged
  for (const { env, app, function: name, version, container: by, source, at } of forged) {
    assert.deepEqual([env, app, name, version, by], ['main', 'shop', 'print', 1, container])
    assert.notEqual(source, 'system')
    assert.notEqual(at, AT)
  }
})

test('a line is of a call that ran, or of none', () => {
  const named = new Set(lines.flatMap(({ call }) => call ?? []))
  assert.deepEqual([...named].sort(), [...calls].sort())
})

test('what the system says is what the system said', async () => {
  const system = await printed('--source', 'system')
  assert.ok(system.some((line) => line.includes('v1 is live')))
  assert.ok(!system.some((line) => line.includes(FORGED)))
  assert.ok(!lines.some(({ app }) => app !== 'shop'))
})

test('no line takes more than a line, nor moves the cursor, on a terminal', async () => {
  const shown = await printed('--columns', 'source,container')
  assert.equal(shown.length, lines.length)
  for (const line of shown) {
    assert.doesNotMatch(line, CONTROLS)
    assert.match(line, /^(stdout|stderr|system) +(co-\w+)? *\| /)
  }
})

test('a line that is longer than one may be is cut, and nothing of it is lost', () => {
  const pieces = lines.filter(
    ({ source, call, line }) => source === 'stderr' && call !== undefined && IS_OF_LONG.test(line),
  )
  assert.ok(pieces.length > 1)
  assert.equal(pieces.map(({ line }) => line).join(''), LONG)
})

test('what is slipped into the container’s own output stays a line of that container', async () => {
  const body = { args: [FORGERIES.filter((text) => text.startsWith('{'))], wait: 25 }
  const call = await installation.api('POST', '/v1/apps/shop/functions/slip/calls', body)
  assert.equal(call.body.status, 'succeeded')
  const slipped = (await printed('--json', '--function', 'slip')).map((line) =>
    LogLine.parse(JSON.parse(line)),
  )
  const forged = slipped.filter(({ line }) => line.includes(FORGED))
  assert.equal(forged.length, 3)
  for (const { env, app, version, container } of forged) {
    assert.deepEqual([env, app, version, container], ['main', 'shop', 1, call.body.container])
  }
  assert.ok(
    !(await printed('--function', 'print')).some(
      (line) => line.includes('v9 is live') && !line.includes('{'),
    ),
  )
})

async function printed(...words: string[]): Promise<string[]> {
  const output = await installation.run('app', 'logs', 'shop', '--tail', '20000', ...words)
  return output.split('\n').slice(0, -1)
}
