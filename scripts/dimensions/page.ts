import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { lineChart } from '../plot.ts'
import type { Measured } from './measure.ts'
import type { Dimension } from './past.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGE = join(ROOT, 'docs', 'growth.md')
/** What is between them in the page is written by the script. */
const BEGIN = '<!-- measured: begin -->'
const END = '<!-- measured: end -->'
/** What a chart shows, of what was measured. */
const SHOWN = ['deploy, until live', 'call, until ended', 'list apps']

/** A row for each operation; what is the same at every size is said once. */
export function tableOf({ what, sizes, operations }: Dimension, measured: readonly Measured[]): string {
  const present = sizes.filter((size) => measured.some((one) => one.size === size))
  const over = present.map(grouped).join(' → ')
  const rows = operations.map(({ name }) => {
    const ones = measured.filter(({ operation }) => operation === name)
    const first = ones[0]?.ms ?? 0
    return [
      name,
      same(ones.map(({ operations: n }) => n)),
      same(ones.map(({ statements }) => statements)),
      same(ones.map(({ pages }) => pages)),
      first.toFixed(2),
      ones
        .slice(1)
        .map(({ ms }) => `${(ms / first).toFixed(1)}×`)
        .join(' → '),
    ]
  })
  const [smallest = 0, ...larger] = present
  const head = [
    `**${over} ${what}**`,
    'operations of the store',
    'statements',
    'pages read',
    `ms at ${grouped(smallest)}`,
    larger.length > 0 ? `at ${larger.map(grouped).join(' → ')}` : '',
  ]
  const divider = head.map((_, i) => (i === 0 ? '---' : '--:'))
  return [head, divider, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** How long things take, by how much there is. */
export function chartOf({ what, sizes }: Dimension, measured: readonly Measured[]): string {
  const shown = SHOWN.filter((name) => measured.some(({ operation }) => operation === name))
  return lineChart({
    title: `Milliseconds, by ${what}`,
    series: shown.map((name) => ({
      name,
      points: measured.filter(({ operation }) => operation === name).map(({ size, ms }) => [size, ms]),
    })),
    x: { label: what, scale: 'log', ticks: sizes, format: grouped },
    y: { format: (ms) => `${Number(ms.toFixed(2))} ms` },
  })
}

/** When, of which state of the source, and where. */
export function stamp(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' })
  const at = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processors'
  return `Measured on ${at}, at commit \`${commit.trim()}\`, with Node.js ${process.version} on ${availableParallelism()} × ${cpu}.`
}

export function writePage(measured: string): void {
  const page = readFileSync(PAGE, 'utf8')
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`${PAGE} has no ${BEGIN} and ${END} to write between.`)
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${measured}\n\n${END}${after}`)
}

const same = (numbers: number[]): string =>
  new Set(numbers).size === 1 ? grouped(numbers[0] ?? 0) : numbers.map(grouped).join(' → ')

const grouped = (n: number): string => n.toLocaleString('en-GB')
