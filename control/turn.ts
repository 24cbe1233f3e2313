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
  // Between what it stops, which may be the last version, and whatever comes next.
  const stopped = app.state === 'deployed' ? 0 : 1
  return 2 * (live + (app.stagings ?? 0)) + stopped
}
