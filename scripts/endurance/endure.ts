import { setTimeout as sleep } from 'node:timers/promises'
import { AppFolder } from '../../test/e2e/app-folder.ts'
import { Installation } from '../../test/e2e/installation.ts'
import { APP_SOURCE } from './app.ts'
import { audit } from './audit.ts'
import { Author } from './author.ts'
import { Callers } from './callers.ts'
import { Field } from './field.ts'
import { Killer } from './killer.ts'
import type { Ledger } from './ledger.ts'
import { diskUse, lookAtRemains } from './remains.ts'
import { Visitors } from './visitors.ts'
import { type Course, courses, watch } from './vitals.ts'

/** In this part of the time control planes are killed; in the rest one is left to live, to see what it needs. */
const STORM = 0.5
const LOOKS = 60
/** What control planes print of which somebody should hear. */
const FAILED = /^.* failed: .*$/gm

export interface Endured {
  seconds: number
  seed: number
  ledger: Ledger
  courses: Course[]
  /** Kilobytes of the state folder. */
  disk: { before: number; after: number }
  faults: string[]
}

/** Has a platform endure all at once, for so long, and looks at what came of it. */
export async function endure({ seconds, seed }: { seconds: number; seed: number }): Promise<Endured> {
  await using folder = await AppFolder.create({ 'app.ts': APP_SOURCE })
  await using installation = await Installation.start()
  const field = new Field(installation, seed)
  const author = await Author.of(field, folder.entry)
  const disk = { before: diskUse(installation.dir), after: 0 }
  const callers = new Callers(field)
  const calmFrom = Date.now() + STORM * seconds * 1_000
  const killer = new Killer(field, calmFrom)
  const actors = [author, callers, new Visitors(field), killer].map((actor) => actor.run())
  const watched = watchOnceCalm(field, killer, seconds)
  // Whoever fails ends it for all.
  await Promise.race([sleep(seconds * 1_000), Promise.all([...actors, watched])]).finally(() => {
    field.isOver = true
  })
  await Promise.all(actors)
  const looks = await watched
  disk.after = diskUse(installation.dir)
  await audit(field, callers.told)
  await lookAtRemains(field)
  for (const [line] of installation.output.matchAll(FAILED)) field.ledger.fault(line)
  const courseOf = courses(looks)
  for (const { what, middle, last, isFlat } of courseOf)
    if (!isFlat) field.ledger.fault(`${what} of the control plane went from ${middle} to ${last}`)
  return { seconds, seed, ledger: field.ledger, courses: courseOf, disk, faults: field.ledger.faults }
}

async function watchOnceCalm(field: Field, killer: Killer, seconds: number) {
  await killer.calm
  return watch(field, ((1 - STORM) * seconds * 1_000) / LOOKS)
}
