import type { Difference, DiffView, Pool, SecretPin } from '../../../../protocol/changes.ts'
import { count } from '../../../parts/count.ts'
import { scheduleText } from '../../../parts/schedule-text.ts'

export interface Change {
  kind: 'added' | 'removed' | 'changed'
  what: string
  before?: string
  after?: string
}

interface Pair<Value> {
  before?: Value | undefined
  after?: Value | undefined
}

const LONGEST_VALUE = 80
/** It changes with the code, and tells nothing more. */
const SOURCE_MAP = /^app\.mjs\.map$/

/** A line for each thing that differs, the most important first. */
export function changesOf(
  { settings, functions, urls, schedules, pools, secrets, files }: Difference & Pick<DiffView, 'urls'>,
  mostFiles: number,
): Change[] {
  const named = new Set(functions.filter(({ change }) => change !== 'changed').map(({ name }) => name))
  return [
    ...functions.filter(({ change }) => change !== 'changed').map(whole),
    ...settings.map((field) => pair(field.field, field, text)),
    ...functions.flatMap(({ name, change, fields }) =>
      change === 'changed' ? fields.map((field) => pair(`${name} ${field.field}`, field, text)) : [],
    ),
    ...urls.map((url) => pair(`${url.function} at`, url, String)),
    ...schedules.map((one) => pair(`${one.function} runs`, one, scheduleText)),
    ...pools.filter((pool) => !named.has(pool.function)).flatMap(poolChanges),
    ...secrets.map((one) => pair(`${one.function} secrets`, pins(one), String)),
    ...fileChanges(files, mostFiles),
  ]
}

const whole = ({ name, change }: Difference['functions'][number]): Change => ({
  kind: change,
  what: `function ${name}`,
})

function poolChanges({ function: name, before, after }: Difference['pools'][number]): Change[] {
  const fields = Object.keys(after ?? before ?? {}) as (keyof Pool)[]
  return fields
    .map((field) => pair(`${name} ${field}`, { before: before?.[field], after: after?.[field] }, String))
    .filter((change) => change.before !== change.after)
}

function pins({ before, after }: Difference['secrets'][number]): Pair<string> {
  const said = (list: SecretPin[]) => (list.length > 0 ? list.map(pinText).join(', ') : undefined)
  return { before: said(before), after: said(after) }
}

const pinText = ({ name, version }: SecretPin): string =>
  version === undefined ? name : `${name} (version ${version})`

function fileChanges(all: Difference['files'], most: number): Change[] {
  const files = all.filter(({ path }) => !SOURCE_MAP.test(path))
  const shown = files.slice(0, most).map((file) => {
    const change = pair(`file ${file.path}`, file, ({ size }) => `${size} bytes`)
    const { before, after, ...rest } = change
    return before === after ? rest : change
  })
  const more = files.length - shown.length
  return more > 0 ? [...shown, { kind: 'changed', what: `and ${count(more, 'more file')}` }] : shown
}

function pair<Value>(what: string, { before, after }: Pair<Value>, say: (value: Value) => string): Change {
  return {
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    what,
    ...(before !== undefined && { before: say(before) }),
    ...(after !== undefined && { after: say(after) }),
  }
}

function text(value: unknown): string {
  const all = typeof value === 'string' ? value : JSON.stringify(value)
  return all.length > LONGEST_VALUE ? `${all.slice(0, LONGEST_VALUE)}…` : all
}
