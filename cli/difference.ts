import type { Difference, DiffView, Drain, FieldChange, Pool, SecretPin } from '../protocol/changes.ts'
import { styled } from './terminal.ts'
import { describeSchedule } from './tree.ts'

/** More than these would scroll the rest away; `--json` has them all. */
const MOST_FILES = 20
const LONGEST_VALUE = 60
/** It changes with the code, and tells nothing more. */
const SOURCE_MAP = /^app\.mjs\.map$/

interface Pair {
  before?: unknown
  after?: unknown
}

type Shown = Difference & Pick<DiffView, 'urls'>

/** A line for each thing that differs: `+` for what comes, `-` for what goes, `~` for what is another than before. */
export function differenceLines(shown: Shown): string[] {
  const named = new Set(shown.functions.filter(({ change }) => change !== 'changed').map(({ name }) => name))
  return [
    ...shown.settings.map((change) => line(change, fieldText(change))),
    ...shown.functions.flatMap(functionLines),
    ...shown.urls.map((url) => line(url, `${url.function} at ${values(url, String)}`)),
    ...shown.schedules.map((one) => line(one, `${one.function} runs ${values(one, describeSchedule)}`)),
    ...shown.pools.flatMap((pool) => poolLines(pool, named.has(pool.function))),
    ...shown.secrets.map(secretLine),
    ...fileLines(shown.files.filter(({ path }) => !SOURCE_MAP.test(path))),
  ]
}

/** What a change of the live version does to the containers that there are. */
export function drainLine({ containers, calls, requests }: Drain): string {
  if (containers === 0) return 'No containers run now, so none is replaced.'
  const work = [calls > 0 && count(calls, 'call'), requests > 0 && count(requests, 'request')].filter(Boolean)
  const inFlight = work.length > 0 ? `, with ${work.join(' and ')} to finish` : ''
  return `${count(containers, 'container')} would be outdated${inFlight}.`
}

function functionLines({ name, change, fields }: Difference['functions'][number]): string[] {
  if (change === 'added') return [line({ after: name }, `function ${name}`)]
  if (change === 'removed') return [line({ before: name }, `function ${name}`)]
  return fields.map((field) => line({ before: name, after: name }, `${name}: ${fieldText(field)}`))
}

function fieldText(change: FieldChange): string {
  return `${change.field} ${values(change, (value) => text(value))}`
}

/** Of a function that comes or goes, only what runs though nobody asks for it. */
function poolLines({ function: name, before, after }: Difference['pools'][number], isNamed: boolean) {
  const fields = Object.keys(after ?? before ?? {}) as (keyof Pool)[]
  return fields.flatMap((field) => {
    const pair = { before: before?.[field], after: after?.[field] }
    if (isNamed && (field !== 'minContainers' || (pair.after ?? pair.before) === 0)) return []
    return pair.before === pair.after ? [] : [line(pair, `${name}: ${field} ${values(pair, String)}`)]
  })
}

function secretLine({ function: name, before, after }: Difference['secrets'][number]): string {
  const pair = {
    ...(before.length > 0 && { before: before.map(pinText).join(', ') }),
    ...(after.length > 0 && { after: after.map(pinText).join(', ') }),
  }
  return line(pair, `${name}: secrets ${values(pair, String)}`)
}

const pinText = ({ name, version }: SecretPin): string =>
  version === undefined ? name : `${name} (version ${version})`

function fileLines(files: Difference['files']): string[] {
  const lines = files
    .slice(0, MOST_FILES)
    .map((file) => line(file, `file ${file.path} (${values(file, ({ size }) => `${size} bytes`)})`))
  const more = files.length - lines.length
  return more > 0 ? [...lines, `  … and ${count(more, 'more file')}`] : lines
}

function line({ before, after }: Pair, said: string): string {
  if (before === undefined) return styled('green', `  + ${said}`)
  if (after === undefined) return styled('red', `  - ${said}`)
  return styled('yellow', `  ~ ${said}`)
}

function values<Value>(
  { before, after }: { before?: Value | undefined; after?: Value | undefined },
  say: (value: Value) => string,
): string {
  const said = [before, after].flatMap((value) => (value === undefined ? [] : [say(value)]))
  return [...new Set(said)].join(' → ')
}

function text(value: unknown): string {
  const whole = typeof value === 'string' ? value : JSON.stringify(value)
  return whole.length > LONGEST_VALUE ? `${whole.slice(0, LONGEST_VALUE)}…` : whole
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
