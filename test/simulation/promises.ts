/**
 * What must always hold of what is stored, by the numbers of the design's section 4, as triggers: the very write that
 * breaks a promise is refused, and seen.
 */
export const PROMISES = `
  create trigger versions_are_gapless before insert on versions
    when new.version <> (select last_version from apps)
    begin select raise(abort, 'promise 1: a gap in the version numbers'); end;
  create trigger numbers_only_rise before update on apps
    when new.last_version not in (old.last_version, old.last_version + 1)
    begin select raise(abort, 'promise 1: a gap in the version numbers, or one that comes again'); end;
  create trigger what_serves_is_kept before delete on versions
    when old.status not in ('superseded', 'failed')
    begin select raise(abort, 'promise 8: a version was collected that has not ended'); end;
  create table gone (version integer, status text, record text);
  create trigger what_is_collected_is_remembered after delete on versions
    begin insert into gone values (old.version, old.status, old.record); end;
  create trigger versions_are_immutable before update on versions
    when old.record ->> 'manifestHash' <> new.record ->> 'manifestHash' or old.manifest <> new.manifest
    begin select raise(abort, 'promise 1: a version was changed'); end;
  create trigger one_is_live before update on versions
    when new.status = 'live' and exists (select 1 from versions where status = 'live' and version <> new.version)
    begin select raise(abort, 'promise 2: two versions are live'); end;
  create trigger newer_stays before update on apps
    when new.live_version < old.live_version
    begin select raise(abort, 'promise 2: an older version replaced a newer one'); end;
  create trigger ends_are_final before update on calls
    when old.status not in ('pending', 'running')
    begin select raise(abort, 'promise 6: a call ended twice'); end;
  create trigger outdated_claims_nothing before update on calls
    when old.status = 'pending' and new.status = 'running' and new.pin is null
      and exists (select 1 from versions v, json_each(v.record, '$.steps') step
                  where v.version > new.version and step.value ->> 'step' = 'cutover')
    begin select raise(abort, 'promise 3: an outdated container was given a call'); end;
  create trigger draining_claims_nothing before update on calls
    when old.status = 'pending' and new.status = 'running'
      and (select state from containers where id = new.container) <> 'ready'
    begin select raise(abort, 'promise 3: a draining container was given a call'); end;
  create trigger results_are_of_the_lease before update on calls
    when new.status = 'succeeded' and new.result ->> 'json' <> '"' || new.lease || '"'
    begin select raise(abort, 'promise 6: a result of a lease that was lost'); end;
  create trigger what_cannot_start_is_not_live before update on versions
    when new.status = 'live' and new.manifest ->> '$.functions.work.env.BROKEN' is not null
      and exists (select 1 from json_each(new.record, '$.steps') where value ->> 'step' = 'start')
    begin select raise(abort, 'promise 7: a version that cannot start went live'); end;
  create trigger limits_hold after insert on containers
    when (select count(*) from containers where function = new.function and state in ('starting', 'ready')
            and (new.apart is null and apart is null or version = new.version))
       > (select max(v.manifest ->> ('$.functions.' || new.function || '.maxContainers')) from versions v
          where v.version in (select version from containers where function = new.function and state in ('starting', 'ready')
            and (new.apart is null and apart is null or version = new.version)))
    begin select raise(abort, 'promise 10: more containers than allowed'); end;
  create trigger rolls_back_once before insert on versions
    when new.record ->> 'automatic' = 1 and exists (select 1 from versions
      where record ->> 'automatic' = 1 and record ->> 'replaced' = new.record ->> 'replaced')
    begin select raise(abort, 'promise 2: a version was rolled back by itself twice'); end;
  create trigger rolls_back_what_is_bad before insert on versions
    when new.record ->> 'automatic' = 1 and not exists (select 1 from versions
      where version = new.record ->> 'replaced' and status = 'live' and manifest ->> '$.functions.work.env.BAD' = '1')
    begin select raise(abort, 'promise 2: a version was rolled back by itself that was not bad, or not live'); end;
  create trigger staged_never_lives before update on versions
    when old.record ->> 'staged' = 1 and new.status in ('live', 'rolling')
    begin select raise(abort, 'promise 2: a staged version went live by itself'); end;
  create trigger staged_claims_what_asks_for_it before update on calls
    when old.status = 'pending' and new.status = 'running' and new.pin is null
      and (select record ->> 'staged' from versions where version = new.version) = 1
    begin select raise(abort, 'promise 3: a staged version was given a call that did not ask for it'); end;
`
