import { LOST_ATTEMPTS } from '../../../control/policy.ts'
import { promise } from './promise.ts'

const CLAIMED = `old.status = 'pending' and new.status = 'running'`
const RELEASED = `old.status = 'running' and new.status = 'pending'`
const SETTING = (name: string) =>
  `(select v.manifest ->> ('$.functions.' || old.function || '.${name}') from versions v where v.version = old.version)`

/** Who is given a call, what is recorded of it, and when it ends. */
export const CALL_PROMISES = [
  `create trigger what_is_given_out_is_noted after update on calls when ${CLAIMED} begin select claimed(new.lease, new.started_at); end;`,
  promise(
    'promise 3: a call was accepted for a version that was not live',
    'insert on calls',
    'new.accepted_version <> (select coalesce(live_version, 0) from apps)',
  ),
  promise(
    'promise 8: a call was accepted by an app that is not deployed',
    'insert on calls',
    `(select state from apps) <> 'deployed'`,
  ),
  promise(
    'promise 3: an outdated container was given a call',
    'update on calls',
    `${CLAIMED} and new.pin is null
      and (new.version is not (select live_version from apps) or new.version < new.accepted_version)`,
  ),
  promise(
    'promise 3: a call was given to another version than it asked for',
    'update on calls',
    `${CLAIMED} and new.version <> new.pin`,
  ),
  promise(
    'promise 3: a draining container was given a call',
    'update on calls',
    `${CLAIMED} and (select state from containers where id = new.container) <> 'ready'`,
  ),
  promise(
    'promise 12: a call was given to a container of another function or version',
    'update on calls',
    `${CLAIMED} and not exists (select 1 from containers
      where id = new.container and function = new.function and version = new.version)`,
  ),
  promise(
    'promise 3: a staged version was given a call that did not ask for it',
    'update on calls',
    `${CLAIMED} and new.pin is null and (select record ->> 'staged' from versions where version = new.version) = 1`,
  ),
  promise(
    'promise 6: a call that runs was given out once more',
    'update on calls',
    `old.status = 'running' and new.status = 'running' and new.lease is not old.lease`,
  ),
  promise(
    'promise 6: a call was begun before its time',
    'update on calls',
    `${CLAIMED} and new.started_at < old.available_at`,
  ),
  promise(
    'promise 6: a stop cancelled a call that was accepted after it',
    'update on calls',
    `new.status = 'cancelled' and new.error ->> 'message' like '%: the app was stopped%'
      and new.accepted_version = (select live_version from apps)`,
  ),
  promise(
    'promise 6: a call was ended before its timeout',
    'update on calls',
    `old.status = 'running' and new.error ->> 'name' = 'TimeoutError'
      and now_ms() < old.started_at + 1000 * ${SETTING('timeout')} - clock_error_ms()`,
  ),
  promise('promise 6: a call ended twice', 'update on calls', `old.status not in ('pending', 'running')`),
  promise(
    'promise 6: a result of a lease that was lost',
    'update on calls',
    `new.status = 'succeeded' and new.result ->> 'json' is not '"' || new.lease || '"'`,
  ),
  promise(
    'promise 6: a failure of a lease that was lost',
    'update on calls',
    `old.status = 'running' and new.failures > old.failures and new.error ->> 'name' = 'Error'
      and new.error ->> 'message' is not old.lease`,
  ),
  promise(
    'promise 6: a call that ran failed for what is no fault of its own',
    'update on calls',
    `old.status = 'running' and new.status = 'failed' and new.error ->> 'name' not in ('Error', 'Lost')`,
  ),
  promise(
    'promise 6: an input was given out again that had no time to arrive',
    'update on calls',
    `${RELEASED} and new.error ->> 'name' = 'Lost' and is_on_its_way(old.container, old.lease)`,
  ),
  promise(
    'promise 6: a call that was lost is given up',
    'update on calls',
    `old.status = 'running' and new.status = 'failed' and new.error ->> 'name' = 'Lost'
      and old.attempts - old.failures < ${LOST_ATTEMPTS}`,
  ),
  promise(
    'promise 6: a call that was lost counts as one that failed',
    'update on calls',
    `${RELEASED} and new.failures > old.failures and new.error ->> 'name' = 'Lost'`,
  ),
  promise(
    'promise 6: a call that failed is not tried again',
    'update on calls',
    `old.status = 'running' and new.status = 'failed' and new.error ->> 'name' = 'Error'
      and old.failures < ${SETTING('retries.max')}`,
  ),
  promise(
    'promise 6: a call that failed is tried again too often',
    'update on calls',
    `${RELEASED} and new.failures > ${SETTING('retries.max')}`,
  ),
  promise(
    'promise 6: a call that failed is tried again too soon',
    'update on calls',
    `${RELEASED} and new.failures > old.failures
      and new.available_at < old.started_at + 1000 * ${SETTING('retries.initialDelay')} - clock_error_ms()`,
  ),
]
