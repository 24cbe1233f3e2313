import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Block, blocksOf, documents, ROOT } from './documents.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-snippets-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('every TypeScript snippet of the documents compiles against the SDK', () => {
  const snippets = documents()
    .flatMap(blocksOf)
    .filter(({ language }) => language === 'ts')
  assert.ok(snippets.length > 5)
  install()
  for (const file of new Set(snippets.map(({ file }) => file))) {
    writeSnippets(
      file,
      snippets.filter((snippet) => snippet.file === file),
    )
  }
  const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout)
})

/** As in an author's own folder: the package by its name, and nothing of this repository's around. */
function install(): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  symlinkSync(ROOT, join(modules, 'sluice'))
  for (const name of ['@types', 'hono']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ['**/*.ts'],
    }),
  )
}

/** The first snippet of a document is its `app.ts`, which the others may import. */
function writeSnippets(file: string, snippets: Block[]): void {
  const place = join(folder, file.replaceAll('/', '-'))
  mkdirSync(place)
  for (const [index, { line, source }] of snippets.entries()) {
    const name = index === 0 ? 'app.ts' : `line-${line}.ts`
    writeFileSync(join(place, name), source)
  }
}
