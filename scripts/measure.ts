import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Table from 'cli-table3'
import { isBlock, isFunctionLikeDeclaration, type Node } from 'typescript/unstable/ast'
import { API, type Program } from 'typescript/unstable/sync'

const ROOT = resolve(import.meta.dirname, '..')
const FOLDERS = [
  'protocol',
  'control',
  'platforms/local',
  'platforms/aws',
  'lambdas',
  'infra',
  'runner',
  'sdk',
  'cli',
  'console',
  'examples',
  'scripts',
]
/** Where we want to stand, column by column. */
const GOAL = ['', '≤ 80', '≤ 180', '≤ 300', '≤ 9', '≤ 24', '1 to 2.5', '4 to 10%']

interface Measured {
  path: string
  /** Lines that are neither blank nor comment. */
  code: number
  comments: number
  /** Lines of each function that has a body in braces, its signature included. */
  functions: number[]
}

const files = measureAll()
const isSource = ({ path }: Measured) => FOLDERS.some((folder) => path.startsWith(`${folder}/`))
const source = files.filter(isSource)

const table = new Table({
  head: ['', 'files', 'median', 'p90', 'largest', 'function median', 'p90', 'test : source', 'comments'],
  style: { head: [], border: [], compact: true },
})
for (const folder of [...FOLDERS, 'test']) {
  const inFolder = files.filter(({ path }) => path.startsWith(`${folder}/`))
  if (inFolder.length > 0) table.push([folder, ...figures(inFolder, testsOf(folder))])
}
table.push(['all but test', ...figures(source, testsOf(''))], ['goal', ...GOAL])
console.log(table.toString())
console.log('Lines of code, blank ones and comments apart. Largest files:')
for (const { path, code } of source.toSorted((a, b) => b.code - a.code).slice(0, 5)) {
  console.log(`${String(code).padStart(6)}  ${path}`)
}

function measureAll(): Measured[] {
  const api = new API({ cwd: ROOT })
  try {
    const program = api.updateSnapshot({ openProject: 'tsconfig.json' }).getProjects()[0]?.program
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs', '*.js'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    const paths = listed.split('\n').filter((path) => path !== '' && existsSync(join(ROOT, path)))
    return paths.map((path) => measure(path, program))
  } finally {
    api.close()
  }
}

function measure(path: string, program: Program | undefined): Measured {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n')
  const filled = lines.filter((line) => line.trim() !== '')
  const comments = filled.filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line)).length
  const tree = program?.getSourceFile(path)
  return {
    path,
    code: filled.length - comments,
    comments,
    functions: tree ? functionLengths(tree) : [],
  }
}

function functionLengths(node: Node): number[] {
  const lengths: number[] = []
  if (isFunctionLikeDeclaration(node) && node.body && isBlock(node.body)) {
    lengths.push(node.getText().split('\n').length)
  }
  node.forEachChild((child) => {
    lengths.push(...functionLengths(child))
    return undefined
  })
  return lengths
}

function testsOf(folder: string): number {
  return linesOf(files.filter(({ path }) => path.startsWith(join('test', folder, '/'))))
}

function figures(measured: Measured[], tests: number): string[] {
  const sizes = measured.map(({ code }) => code)
  const functions = measured.flatMap(({ functions }) => functions)
  const comments = measured.reduce((sum, { comments }) => sum + comments, 0)
  return [
    String(measured.length),
    quantile(sizes, 0.5),
    quantile(sizes, 0.9),
    quantile(sizes, 1),
    quantile(functions, 0.5),
    quantile(functions, 0.9),
    tests === 0 ? '' : (tests / linesOf(measured)).toFixed(2),
    `${Math.round((100 * comments) / (linesOf(measured) + comments))}%`,
  ]
}

function linesOf(measured: Measured[]): number {
  return measured.reduce((sum, { code }) => sum + code, 0)
}

function quantile(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return String(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? '')
}
