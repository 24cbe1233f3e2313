import { promise } from './promise.ts'

/** The version that another one repeats, though it may have been collected since. */
const source = (field: string) =>
  `(select ${field} from (select version, manifest, record from versions
     union all select version, manifest, record from gone) where version = new.record ->> 'fromVersion')`
const HAS_CUT_OVER = (row: string) =>
  `exists (select 1 from json_each(${row}.record, '$.steps') where value ->> 'step' = 'cutover' and value ->> 'state' = 'done')`

/** Numbers, cutovers, rollouts, and what comes after them. */
export const VERSION_PROMISES = [
  `create table gone (version integer, status text, manifest text, record text);
  create trigger what_is_collected_is_remembered after delete on versions
    begin insert into gone values (old.version, old.status, old.manifest, old.record); end;`,
  promise(
    'promise 1: a gap in the version numbers',
    'insert on versions',
    'new.version <> (select last_version from apps)',
  ),
  promise(
    'promise 1: a gap in the version numbers, or one that comes again',
    'update on apps',
    'new.last_version not in (old.last_version, old.last_version + 1)',
  ),
  promise(
    'promise 1: a version was changed',
    'update on versions',
    `old.record ->> 'manifestHash' <> new.record ->> 'manifestHash' or old.manifest <> new.manifest
      or old.record ->> 'secretVersions' is not new.record ->> 'secretVersions'`,
  ),
  promise(
    'promise 1: a version repeats another one otherwise than it was',
    'insert on versions',
    `new.record ->> 'origin' <> 'deploy' and new.manifest is not ${source('manifest')}`,
  ),
  promise(
    'promise 1: a version repeats another one with other secrets',
    'insert on versions',
    `new.record ->> 'origin' in ('rollback', 'promote', 'start')
      and new.record ->> 'secretVersions' is not ${source(`record ->> 'secretVersions'`)}`,
  ),
  promise(
    'promise 2: two versions are live',
    'update on versions',
    `new.status = 'live' and exists (select 1 from versions where status = 'live' and version <> new.version)`,
  ),
  promise(
    'promise 2: an older version replaced a newer one',
    'update on apps',
    'new.live_version < old.live_version',
  ),
  promise(
    'promise 8: a version is live of an app that is not deployed',
    'update on apps',
    `new.live_version is not null and new.state <> 'deployed'`,
  ),
  promise(
    'promise 8: an app stopped while requests or schedules were still its own',
    'update on apps',
    `old.state = 'stopping' and new.state = 'stopped' and is_left_over()`,
  ),
  promise(
    'promise 2: a cutover was acknowledged that there never was',
    'update on versions',
    `${HAS_CUT_OVER('new')} and new.record ->> 'liveAt' is null`,
  ),
  promise(
    'promise 3: a cutover was acknowledged while requests went to an older version',
    'update on versions',
    `${HAS_CUT_OVER('new')} and not ${HAS_CUT_OVER('old')} and is_older_reached(new.version)`,
  ),
  promise(
    'promise 2: an older version was left on its way',
    'update on versions',
    `old.status = 'rolling' and new.status in ('live', 'failed')
      and exists (select 1 from versions where status = 'rolling' and version < new.version)`,
  ),
  promise(
    'promise 7: a version that cannot start went live',
    'update on versions',
    `old.status <> 'live' and new.status = 'live' and new.manifest ->> '$.functions.work.env.BROKEN' is not null
      and exists (select 1 from json_each(new.record, '$.steps') where value ->> 'step' = 'start')`,
  ),
  promise(
    'promise 7: a version went live whose start was begun, and that has not shown that it can',
    'update on versions',
    `old.status <> 'live' and new.status = 'live'
      and exists (select 1 from json_each(new.record, '$.steps') where value ->> 'step' = 'start')
      and not exists (select 1 from containers where version = new.version and ready_at is not null)`,
  ),
  promise(
    'promise 2: a version was rolled back by itself twice',
    'insert on versions',
    `new.record ->> 'automatic' = 1 and exists (select 1 from versions
      where record ->> 'automatic' = 1 and record ->> 'replaced' = new.record ->> 'replaced')`,
  ),
  promise(
    'promise 2: a version was rolled back by itself that was not bad, or not live',
    'insert on versions',
    `new.record ->> 'automatic' = 1 and not exists (select 1 from versions
      where version = new.record ->> 'replaced' and status = 'live' and manifest ->> '$.functions.work.env.BAD' = '1')`,
  ),
  promise(
    'promise 7: a version goes back to one that was never live',
    'insert on versions',
    `new.record ->> 'origin' = 'rollback' and ${source(`record ->> 'liveAt'`)} is null`,
  ),
  promise(
    'promise 2: a version goes back to one that was itself rolled back from',
    'insert on versions',
    `new.record ->> 'origin' = 'rollback' and exists (select 1 from versions where record ->> 'origin' = 'rollback'
      and record ->> 'liveAt' is not null and record ->> 'replaced' = new.record ->> 'fromVersion')`,
  ),
  promise(
    'promise 2: a staged version went live by itself',
    'update on versions',
    `old.record ->> 'staged' = 1 and new.status in ('live', 'rolling')`,
  ),
  promise(
    'promise 8: a version was collected that has not ended',
    'delete on versions',
    `old.status not in ('superseded', 'failed')`,
  ),
]
