import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from '../e2e-aws/stacks.ts'
import { Clone } from '../fixtures/clone.ts'
import { blocksOf, documents, ROOT, textOf } from './documents.ts'

/** What the documents call the local platform's addresses, and the property that holds the real ones. */
const ADDRESSES = [
  ['localhost:4100', 'url'],
  ['localhost:4180', 'ingressUrl'],
] as const

/** With the address and the token in the environment. */
const DEPLOY_EXAMPLE = 'npx sluice deploy examples/podcast-search/app.ts'

for (const file of documents()) {
  const commands = commandsOf(file)
  if (commands.length === 0) continue

  test(`the commands of ${file} do what they say, in their order`, () => {
    using reader = new Reader(file)
    const needsPlatform = commands.some(({ command }) => command.startsWith('./scripts/sluice'))
    const startsPlatform = commands.some(({ command }) => command.startsWith('./scripts/up'))
    if (needsPlatform && !startsPlatform) reader.type('./scripts/up --detach')
    let printed = ''
    for (const { command, line } of commands) {
      const { status, output } = reader.type(command)
      assert.equal(status, 0, `${file}:${line}: ${command}\n${output}`)
      printed += output.replace(/localhost:\d+/g, 'localhost:4180')
    }
    for (const shown of treesOf(file)) assert.ok(printed.includes(shown), `${file}: ${shown}`)
  })
}

test('the ways to run a part of the tests are there', () => {
  const usage = textOf('scripts/test')
  for (const { command } of documents().flatMap(testCommandsOf)) {
    const [, part] = command.split(' ')
    assert.ok(usage.includes(command.replace('./', '')) || existsSync(join(ROOT, part ?? '')), command)
  }
})

test('what an operator types is what the test of the deployed system types', () => {
  const typed: string[] = [...Object.values(COMMANDS), DEPLOY_EXAMPLE]
  const told = documents().flatMap((file) =>
    blocksOf(file).flatMap(({ language, source }) =>
      language === 'bash' ? source.trimEnd().split('\n') : [],
    ),
  )
  const commands = told.filter((line) => !line.startsWith('export '))
  assert.ok(commands.length > 0)
  for (const command of commands) assert.ok(typed.includes(command), command)
})

function shellOf(file: string): { command: string; line: number }[] {
  return blocksOf(file)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ line, source }) =>
      source
        .trimEnd()
        .split('\n')
        .map((command, i) => ({ command, line: line + i })),
    )
}

/** The run that this is part of is one of these, and the others are parts of it. */
function testCommandsOf(file: string) {
  return shellOf(file).filter(({ command }) => command.startsWith('./scripts/test'))
}

function commandsOf(file: string) {
  return shellOf(file).filter(({ command }) => !command.startsWith('./scripts/test'))
}

/** The trees of deployments that the document shows. */
function treesOf(file: string): string[] {
  const shown = blocksOf(file).filter(({ language }) => language === 'text')
  return shown.flatMap(({ source }) => source.match(/(^[├└]── .*\n)+/gm) ?? [])
}

/** The files that the document has its reader write: a snippet right below a line that ends with the name, as `app.ts`: */
function filesOf(document: string): [name: string, source: string][] {
  const written = textOf(document).matchAll(/`([\w.-]+\.ts)`:\n\n```ts\n([\s\S]*?)^```$/gm)
  return Array.from(written, ([, name = '', source = '']) => [name, source])
}

/** Somebody with a fresh clone, who types what the document says, on a machine where other platforms may run. */
class Reader {
  readonly #clone = new Clone()

  constructor(document: string) {
    for (const [name, source] of filesOf(document)) writeFileSync(join(this.#clone.path, name), source)
    // Otherwise an error page would be a success to curl.
    writeFileSync(join(this.#clone.path, '.curlrc'), 'fail')
  }

  type(command: string): { status: number | null; output: string } {
    return this.#clone.type(this.#onPortsOfItsOwn(command), { CURL_HOME: this.#clone.path })
  }

  [Symbol.dispose](): void {
    this.#clone[Symbol.dispose]()
  }

  #onPortsOfItsOwn(command: string): string {
    if (command.startsWith('./scripts/up')) return `${command} --port 0 --ingress-port 0`
    return ADDRESSES.reduce(
      (text, [documented, property]) =>
        text.includes(documented) ? text.replaceAll(documented, this.#hostOf(property)) : text,
      command,
    )
  }

  #hostOf(property: 'url' | 'ingressUrl'): string {
    const file = join(this.#clone.path, '.sluice/control-plane.json')
    const addresses: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'))
    return `localhost:${new URL(addresses[property] ?? '').port}`
  }
}
