import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SystemLine } from '../../../control/log-port.ts'
import { LogLine } from '../../../protocol/log-line.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { isSystemLog, systemLog } from './files.ts'

/** What is told a second time is told soon after the first: of files, each of a day, the newest are looked at. */
const FILES_REMEMBERED = 3

/** What the control plane says of one app, of which it alone writes. */
export class SystemLog {
  readonly #folder: string
  readonly #key: AppKey
  /** Of the lines that are there; read with the first that is to be added. */
  #ids: Set<string> | undefined

  constructor(folder: string, { env, app }: AppKey) {
    this.#folder = folder
    this.#key = { env, app }
  }

  append(lines: SystemLine[]): void {
    this.#ids ??= this.#begin()
    for (const { id, at, ...line } of lines) {
      if (this.#ids.has(id)) continue
      const entry: LogLine = { id, at: new Date(at).toISOString(), source: 'system', ...this.#key, ...line }
      const path = systemLog(this.#folder, entry.at.slice(0, 10))
      const header = !existsSync(path) ? `${JSON.stringify(this.#key)}\n` : ''
      appendFileSync(path, `${header}${JSON.stringify(entry)}\n`)
      this.#ids.add(id)
    }
  }

  #begin(): Set<string> {
    mkdirSync(this.#folder, { recursive: true })
    const files = readdirSync(this.#folder).filter(isSystemLog).sort().slice(-FILES_REMEMBERED)
    const ids = files.flatMap((name) => {
      const path = join(this.#folder, name)
      const text = readFileSync(path, 'utf8')
      // Where the machine died in the middle of a line, the next one must not become a part of it.
      if (!text.endsWith('\n')) appendFileSync(path, '\n')
      return text.split('\n').flatMap((line) => idIn(line) ?? [])
    })
    return new Set(ids)
  }
}

function idIn(text: string): string | undefined {
  try {
    return LogLine.safeParse(JSON.parse(text)).data?.id
  } catch {
    return undefined
  }
}
