import { type Mutation, mutation } from './mutation.ts'

const WIND = 'control/wind-down.ts'
const APPS = 'platforms/local/store/apps.ts'

/** What a stop leaves, what a schedule does, and what people are told. */
export const STOP_MUTATIONS: readonly Mutation[] = [
  mutation(
    'a stopped app keeps its addresses',
    WIND,
    `    { do: 'unroute', turn: turnOf(seen), keepLabels: [] },\n`,
  ),
  mutation(
    'a stopped app keeps its schedules',
    WIND,
    `    { do: 'schedule', version, turn: turnAfter(version), entries: [] },\n`,
  ),
  mutation(
    'a stopped app keeps its containers',
    WIND,
    `    ...drainAll(seen.containers, seen.app.stopDeadline ?? seen.now, 'the app was stopped'),\n`,
  ),
  {
    name: 'a stop leaves the calls that wait',
    edits: [
      {
        file: WIND,
        from: `const cancelled = cancelWaiting(seen, 'The call was cancelled: the app was stopped.')`,
        to: 'const cancelled = cancelWaiting({ ...seen, demand: [] }, String(seen.now))',
      },
    ],
  },
  mutation(
    'a stop cancels what was accepted after it',
    'control/left-calls.ts',
    'Math.max(acceptedVersion, pin) <= through',
    'through >= 0 && acceptedVersion >= pin - 100',
  ),
  mutation(
    'a stop never ends',
    WIND,
    `? [...actions, { do: 'finishStop' }] : actions`,
    '? actions : actions',
  ),
  mutation(
    'a version that was on its way goes live after the stop',
    APPS,
    `[...staged, ...ofStatus(key, 'rolling'), ...(live ? [live] : [])]`,
    `[...staged, ...(live ? [live] : [])]`,
  ),
  mutation(
    'a slot that fires twice makes two calls',
    'control/made-firings.ts',
    '`schedule/${name}/${slot}`',
    '`schedule/${name}/${slot}/${Math.random()}`',
  ),
  mutation(
    'slots that did not fire are not missed',
    'control/sweep.ts',
    'seeToOverdueCalls, seeToMissedFirings, ',
    'seeToOverdueCalls, ',
  ),
  mutation(
    'a paused schedule fires',
    'control/schedules.ts',
    `if (record && isPausedAt(record, slot)) return { outcome: 'paused' }`,
  ),
  mutation(
    'a failed rollout is told to nobody',
    'control/transitions.ts',
    '...(notice && { notice }) }, entry)',
    '}, entry)',
  ),
  mutation(
    'notices whose hint was lost are not sent',
    'control/sweep.ts',
    'seeToMissedFirings, seeToDueErrands]',
    'seeToMissedFirings]',
  ),
  mutation(
    'a cutover is not recorded',
    APPS,
    `        if (app.autoscaler) writeOverrides(db, key, outlasting(app.autoscaler, endings))
        insertEntry(db, entry)`,
    '',
  ),
  mutation(
    'a notice is taken for delivered where it was refused',
    'control/deliver.ts',
    `  if (outcome.kind === 'failed') return tryAgain(ports, delivery, channel, outcome.reason)\n`,
  ),
  mutation(
    'who hears nothing of some kinds is told of them',
    'control/deliver.ts',
    'kinds === undefined || kinds.includes(notice.kind)',
    'true',
  ),
]
