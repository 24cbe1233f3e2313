import { type Mutation, mutation } from './mutation.ts'

const APPS = 'platforms/local/store/apps.ts'
const BEGIN = 'platforms/local/store/begin-version.ts'
const PLAN = 'control/plan.ts'
const ROLLOUT = 'control/rollout.ts'

/** Numbers, cutovers, rollouts, and what comes after them. */
export const VERSION_MUTATIONS: readonly Mutation[] = [
  mutation(
    'a number is given out twice',
    BEGIN,
    'last_version = last_version + 1',
    'last_version = last_version',
  ),
  mutation(
    'the version before stays live',
    APPS,
    `if (previous) writeVersion({ ...previous, status: 'superseded' })`,
  ),
  mutation(
    'an older version replaces a newer one',
    APPS,
    `next?.status !== 'rolling' || (app.liveVersion ?? 0) >= number`,
    'next === undefined',
  ),
  {
    name: 'a stopping app is cut over',
    // Either guard is enough by itself: what a stop has ended does not roll any more.
    edits: [
      { file: APPS, from: `if (app?.state !== 'deployed' || next`, to: 'if (app === undefined || next' },
      {
        file: APPS,
        from: `[...staged, ...ofStatus(key, 'rolling'), ...(live ? [live] : [])]`,
        to: `[...staged, ...(live ? [live] : [])]`,
      },
    ],
  },
  mutation(
    'a cutover is acknowledged before requests go there',
    PLAN,
    `    ...route(after, later),
    ...acknowledge(after),`,
    `    ...acknowledge(after),
    ...route(after, later),`,
  ),
  mutation(
    'the old is drained before requests go to the new',
    PLAN,
    `    ...route(after, later),
    ...acknowledge(after),
    ...retire(after, later),`,
    `    ...retire(after, later),
    ...route(after, later),
    ...acknowledge(after),`,
  ),
  mutation(
    'the old is drained while the new one starts',
    PLAN,
    '...retire(after, later),',
    '...retire(seen.rolling.at(-1) ? cutOver(seen, seen.rolling.at(-1) as Version) : after, later),',
  ),
  mutation(
    'a version goes live without its containers',
    ROLLOUT,
    'needs.filter(({ ready, wanted }) => ready < wanted)',
    'needs.filter(() => false)',
  ),
  mutation(
    'a version whose containers still start goes live',
    ROLLOUT,
    `own.filter((container) => container.state === 'ready').length`,
    'own.length',
  ),
  mutation(
    'versions that a newer one has overtaken are left rolling',
    ROLLOUT,
    '{ actions: [...letGo, ...given, ...actions]',
    '{ actions: [...letGo, ...actions]',
  ),
  {
    name: 'a version that cannot start rolls for ever',
    edits: [
      { file: ROLLOUT, from: 'failed.length >= FAILED_STARTS || timedOut', to: 'false' },
      {
        file: ROLLOUT,
        from: 'if (!later.isDue(Date.parse(begun.at) + limit)) return undefined',
        to: 'if (limit > 0) return undefined',
      },
    ],
  },
  {
    name: 'what could not start counts for nothing once its reason to start is gone',
    // Where nothing else is needed, any function has to show that the version can start, and the cutover itself asks for it.
    edits: [
      {
        file: ROLLOUT,
        from: 'return tried || (isWeb && hasLetGo(seen))',
        to: 'return isWeb && hasLetGo(seen)',
      },
      {
        file: ROLLOUT,
        from: `return needs.length === 0 && hasStep(candidate, 'start', 'running') ? anyOne(seen, candidate) : needs`,
        to: 'return needs',
      },
      { file: APPS, from: `if (untried && hasStep(next, 'start', 'running')) return false`, to: '' },
    ],
  },
  mutation('a refused cutover is gone on from', 'control/apply.ts', `if (effect === 'refused') break`),
  mutation(
    'nothing waits for the load balancer',
    'control/apply.ts',
    'if (isHeld(action, effects)) continue',
  ),
  mutation(
    'the addresses of what is gone stay',
    'control/settle.ts',
    `    { do: 'unroute', turn: turnOf(seen), keepLabels: labels },\n`,
  ),
  mutation(
    'the schedules stay those of the version before',
    'control/settle.ts',
    `    { do: 'schedule', version: live.version, turn: turnOfVersion(live.version), entries },\n`,
  ),
  mutation(
    'a staged version goes live by itself',
    BEGIN,
    `status: draft.staged ? 'staged' : 'rolling'`,
    `status: 'rolling'`,
  ),
  mutation(
    'a rollback takes the newest secrets',
    'control/rollback.ts',
    `origin === 'rollover' ? await`,
    `origin !== 'promote' ? await`,
  ),
  mutation(
    'a bad version is rolled back by everybody who notices',
    'control/roll-back-itself.ts',
    `await repeat(ports, target, 'rollback', request, app.lastVersion)`,
    `await repeat(ports, target, 'rollback', request)`,
  ),
  mutation(
    'a good version is rolled back',
    'control/watch.ts',
    'errors / calls <= errorRate',
    'errors / calls > errorRate',
  ),
  mutation(
    'nobody decides whether a version is good enough',
    'control/watch.ts',
    `if (later.isDue(end)) return reached(live, 'gate', 'done')`,
  ),
]
