import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { documents, ROOT, textOf } from './documents.ts'

test('every link within the repository leads somewhere', () => {
  const broken = documents().flatMap((file) =>
    linksOf(file)
      .filter((link) => !leadsSomewhere(file, link))
      .map((link) => `${file}: ${link}`),
  )
  assert.deepEqual(broken, [])
})

test('every page is linked from where its readers begin', () => {
  const linked = ['README.md', 'docs/authors.md', 'docs/operating.md'].flatMap((file) =>
    linksOf(file).map((link) => join(dirname(file), link.split('#')[0] ?? '')),
  )
  const pages = documents().filter((file) => file.startsWith('docs/'))
  assert.ok(pages.length > 0)
  assert.deepEqual(
    pages.filter((page) => !linked.includes(page)),
    [],
  )
})

function linksOf(file: string): string[] {
  const links = Array.from(textOf(file).matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link ?? '')
  return links.filter((link) => !/^[a-z]+:/.test(link))
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? file : join(dirname(file), path)
  if (!existsSync(join(ROOT, target))) return false
  return anchor === undefined || headingsOf(target).includes(anchor)
}

/** As GitHub names them. */
function headingsOf(file: string): string[] {
  return Array.from(textOf(file).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
