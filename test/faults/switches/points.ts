import fs from 'node:fs'
import { join } from 'node:path'

/** What a test asks for: to die at this point of those that come from now on. */
export interface CrashPlan {
  /** Tells one plan from the next. */
  id: number
  /** Of the first point it is 1; undefined only counts. */
  crashAt?: number
}

/** The originals, which call none of those that are put in the place of others. */
const { closeSync, openSync, readFileSync, writeSync } = fs

const folder = process.env.FAULTS_FOLDER ?? ''
let plan: CrashPlan | undefined
let passed = 0

/** Passes a point, or dies there, with a part of the work done. */
export function atPoint(label: string, doPart?: () => void): void {
  loadPlan()
  if (!plan) return
  passed += 1
  note(join(folder, `points-${plan.id}`), label.replaceAll('\n', ' '))
  if (plan.crashAt !== passed) return
  doPart?.()
  process.kill(process.pid, 'SIGKILL')
}

function note(path: string, line: string): void {
  const file = openSync(path, 'a')
  writeSync(file, `${line}\n`)
  closeSync(file)
}

export function loadPlan(): void {
  const asked = readPlan()
  if (asked?.id !== plan?.id) passed = 0
  plan = asked
}

function readPlan(): CrashPlan | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))
  } catch {
    return undefined
  }
}
