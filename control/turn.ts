import type { App, Version } from './model.ts'

/**
 * In whose name an app's endpoints are pointed: it goes up with each cutover, each stop, and each change of what is
 * staged, so that of two plans the later one counts, in whatever order they are carried out.
 */
export function turnOf({
  app,
  rolling,
  staged,
}: {
  app: Pick<App, 'lastVersion' | 'liveVersion' | 'stagings' | 'state'>
  rolling: Pick<Version, 'version'>[]
  staged: Pick<Version, 'version'>[]
}): number {
  // Before one is live, the first of those that may still become it: whichever does is not below it.
  const open = [...rolling, ...staged].map(({ version }) => version)
  const live = app.liveVersion ?? Math.min(app.lastVersion, ...open)
  const count = live + (app.stagings ?? 0)
  return app.state === 'deployed' ? turnOfVersion(count) : turnAfter(count)
}

/** In whose name it is said what is to be while a version is live, such as its schedules. */
export const turnOfVersion = (version: number): number => 2 * version

/** The turn of whatever ends it: of a stop, for one. What comes next has a higher one. */
export const turnAfter = (version: number): number => 2 * version + 1
