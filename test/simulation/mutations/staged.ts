import { type Mutation, mutation } from './mutation.ts'

const APPS = 'platforms/local/store/apps.ts'
const BEGIN = 'platforms/local/store/begin-version.ts'
const ROLLBACK = 'control/rollback.ts'
const RETENTION = 'control/retention.ts'

/** What is staged, promoted, gone back to, collected, secret, or set by hand. */
export const STAGED_MUTATIONS: readonly Mutation[] = [
  mutation(
    'what was promoted stays staged',
    'control/stage.ts',
    `live?.origin === 'promote' && live.fromVersion === version`,
    `live?.origin === 'rollback' && live.fromVersion === version`,
  ),
  mutation(
    'what was given up stays staged',
    APPS,
    `if (version?.status !== 'rolling' && version?.status !== 'staged') return false`,
    `if (version?.status !== 'rolling') return false`,
  ),
  mutation(
    'an app says that what was given up is staged',
    APPS,
    `        if (version.status === 'staged') restage(db, key)\n`,
  ),
  mutation('a version is staged without a word to its app', BEGIN, '  if (draft.staged) restage(db, key)\n'),
  mutation(
    'staged versions are not given containers',
    'control/stage.ts',
    '    ...staged.flatMap((version) => scaleStaged(seen, later, version)),\n',
  ),
  mutation(
    'a promotion takes the newest secrets',
    ROLLBACK,
    `origin === 'rollover' ? await`,
    `origin !== 'rollback' ? await`,
  ),
  mutation(
    'a rollover takes the secrets of before',
    ROLLBACK,
    `origin === 'rollover' ? await newestSecretsOf(ports, source) : await`,
    'await',
  ),
  mutation(
    'a version goes back to what was itself rolled back from',
    ROLLBACK,
    'if (!rolledBackFrom.has(version.version)) return version',
    'return version',
  ),
  mutation(
    'a version goes back to what never went live',
    ROLLBACK,
    '    if (version.liveAt === undefined) continue\n',
  ),
  mutation(
    'who expects another version is not refused',
    BEGIN,
    '(expectVersion !== undefined && expectVersion !== lastVersion)',
    'expectVersion === -1',
  ),
  mutation(
    'a rollback that nobody asked for replaces what it was not meant for',
    BEGIN,
    'const isOvertaken = insteadOf !== undefined && insteadOf !== app?.liveVersion',
    'const isOvertaken = insteadOf === -1',
  ),
  mutation(
    'what still runs is collected',
    RETENTION,
    `  if (running.has(version)) return 'still has calls or containers'\n`,
  ),
  mutation(
    'what a rollback would go to is collected',
    RETENTION,
    `  if (version === lastGood) return 'is what a rollback would go to'\n`,
  ),
  mutation(
    'the newest versions are collected like all others',
    RETENTION,
    'return place < versions ? `is among the last ${versions}` : undefined',
    'return place < versions - 99 ? `is among the last ${versions}` : undefined',
  ),
  mutation(
    'secrets that versions need are removed',
    'control/secret-remains.ts',
    'return replacedAt(version, versions) < before && !needed.has(`${version.name} ${version.version}`)',
    'return replacedAt(version, versions) < before && needed.size >= 0',
  ),
  mutation(
    'a secret is deleted that a version needs',
    'platforms/local/store/secrets.ts',
    `if (!force && pinsIn(env).some((pin) => pin.secret === name && needsSecret(pin))) return 'needed'`,
    `if (!force && pinsIn(env).length < 0) return 'needed'`,
  ),
  mutation(
    'a version begins with a secret that was deleted',
    'platforms/local/store/begin-version.ts',
    `if (gone !== undefined) return`,
    `if (gone === '') return`,
  ),
  mutation(
    'a deploy leaves what was set by hand',
    APPS,
    'writeOverrides(db, key, outlasting(app.autoscaler, endings))',
    'writeOverrides(db, key, outlasting(app.autoscaler, endings && undefined))',
  ),
  mutation(
    'what was set by hand is not looked at',
    'control/observe.ts',
    'const live = found && inEffect(app, found)',
    'const live = found',
  ),
]
