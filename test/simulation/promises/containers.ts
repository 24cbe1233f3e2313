import { DRAIN_GRACE_MS } from '../../../control/policy.ts'
import { promise } from './promise.ts'

const ACTIVE = `state in ('starting', 'ready')`
const DRAINED = `old.${ACTIVE} and new.state = 'draining'`
/** One that a newer version has taken the place of, in the words of the plan. */
const OUTDATED = `new.reason glob 'v[0-9]* is live'`
/** Ones that nobody is in a hurry to see gone. */
const AT_LEISURE = `(${OUTDATED} or new.reason like '%was idle for%' or new.reason like 'makes room for%'
  or new.reason like 'maxContainers of%')`
/** What a container is given to finish what it does. */
const FULL_TIME = `1000 * (select manifest ->> ('$.functions.' || new.function || '.timeout') from versions
  where version = new.version) + ${DRAIN_GRACE_MS}`
/** What was started for a staged version takes no place of others, whatever has become of the version since. */
const RIVAL = `function = new.function and ${ACTIVE} and apart is null`
/** A plan that comes late may start one of a version that has been collected since; it is given nothing to do. */
const EVER = '(select version, manifest from versions union all select version, manifest from gone) v'
const MOST = `v.manifest ->> ('$.functions.' || new.function || '.maxContainers')`

/** How many there are, and how they are let go. */
export const CONTAINER_PROMISES = [
  promise(
    'promise 10: more containers than allowed',
    'insert on containers',
    `new.apart is null and 1 + (select count(*) from containers where ${RIVAL})
     > (select max(${MOST}) from ${EVER} where v.version = new.version
        or v.version in (select version from containers where ${RIVAL}))`,
  ),
  promise(
    'promise 10: more containers than its version allows',
    'insert on containers',
    `1 + (select count(*) from containers where function = new.function and version = new.version and ${ACTIVE})
     > (select ${MOST} from ${EVER} where v.version = new.version)`,
  ),
  promise(
    'promise 5: a container was let go while requests went to it instead of a newer version',
    'update on containers',
    `${DRAINED} and ${OUTDATED} and is_reached(new.id)`,
  ),
  promise(
    'promise 4: a container was given less time than what it does may take',
    'update on containers',
    `${DRAINED} and ${AT_LEISURE} and new.drain_deadline < new.draining_at + ${FULL_TIME}`,
  ),
  promise(
    'promise 4: a container was given more time than what it does may take',
    'update on containers',
    `${DRAINED} and new.drain_deadline > new.draining_at + ${FULL_TIME} + clock_error_ms()`,
  ),
  promise(
    'promise 9: a launch that was cut off was never repeated',
    'update on containers',
    `${DRAINED} and (new.reason like 'gave no sign of life%' or new.reason like 'it was not ready within%')
      and not was_launched(new.id)`,
  ),
]
