import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GOALS_HEAD, goalCells } from './goals.ts'
import { BUSY_WARNING, describe, type Machine } from './machine.ts'
import { cellsOf, HEAD } from './report.ts'
import type { Row } from './rounds.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md')

export interface Run {
  machine: Machine
  rounds: number
  /** What made the load on web endpoints. */
  generator: string
  rows: Row[]
  /** Which peers were left out, and how to get them. */
  skipped: string[]
}

/**
 * Puts what was measured in place of what the page says between its marks.
 * @param failed groups that could not be measured: figures of another run must not stay among these
 */
export function writePage(run: Run, failed: string[]): void {
  const groups = [...new Set(run.rows.map(({ group }) => group))]
  const blocks: [name: string, text: string][] = [
    ['run', about(run)],
    ['goals', table([...GOALS_HEAD], goalCells(run.rows))],
    ...groups.map((name): [string, string] => [
      name,
      table([...HEAD], cellsOf(run.rows.filter(({ group }) => group === name))),
    ]),
    ...failed.map((name): [string, string] => [name, 'It could not be measured in this run.']),
  ]
  const page = blocks.reduce(
    (text, [name, content]) => replaced(text, name, content),
    readFileSync(PAGE, 'utf8'),
  )
  writeFileSync(PAGE, page)
}

/** @throws where the page has no such place */
export function replaced(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no place for ${name}: ${begin} … ${end}`)
  return `${page.slice(0, from)}${begin}\n\n${content}\n\n${page.slice(to)}`
}

function about({ machine, rounds, generator, skipped }: Run): string {
  const paragraphs = [
    `Measured on ${dateOf(machine.date)} at commit \`${machine.commit}\`, in ${rounds} rounds, on ${describe(machine)}. The load on web endpoints is made by ${generator}.`,
    ...(machine.isBusy ? [BUSY_WARNING] : []),
    ...skipped.map((peer) => `* skipped: ${peer}`),
  ]
  return paragraphs.join('\n\n')
}

const dateOf = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })

function table([first = '', second = '', ...figures]: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line([first, second, ...figures]),
    line(['---', '---', ...figures.map(() => '--:')]),
    ...rows.map(line),
  ].join('\n')
}
