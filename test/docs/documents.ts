import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface Block {
  /** The document, relative to the repository. */
  file: string
  /** Of its first line. */
  line: number
  language: string
  source: string
}

/** Every file of the working tree that git does not ignore, relative to it. */
export function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return listed.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)))
}

export const documents = (): string[] => trackedFiles().filter((file) => file.endsWith('.md'))

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** The fenced blocks of a document. */
export function blocksOf(file: string): Block[] {
  const text = textOf(file)
  return Array.from(
    text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm),
    ({ 1: language = '', 2: source = '', index }) => ({
      file,
      line: text.slice(0, index).split('\n').length + 1,
      language,
      source,
    }),
  )
}

/** The rows of the tables of a document, cell by cell, without their Markdown for code. */
export function rowsOf(file: string): string[][] {
  return textOf(file)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}
