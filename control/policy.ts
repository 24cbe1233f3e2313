/** The domain's choices, in milliseconds and counts; a function's own settings are in its spec. */

const SECOND = 1000

/** Beyond its function's timeout, what a draining container may take to say good-bye. */
export const DRAIN_GRACE_MS = 15 * SECOND
/** What a stopped app's containers may take to finish what they do. */
export const STOP_GRACE_MS = 30 * SECOND
/** The same for containers that `recreate` replaces. */
export const RECREATE_GRACE_MS = 30 * SECOND
/** Beyond its functions' start-up timeouts, what a rollout may take. */
export const ROLLOUT_SLACK_MS = 30 * SECOND
/** So many failed starts end a rollout, or make a live function answer with the reason. */
export const FAILED_STARTS = 3
/** After failed starts of a live function the next one waits, twice as long each time. */
export const RESTART_DELAY_MS = { first: 500, most: 60 * SECOND } as const
/** A failed start is forgotten after. */
export const FAILURE_MEMORY_MS = 600 * SECOND
/** Between two looks at the errors of a version that has just gone live. */
export const WATCH_EVERY_MS = 15 * SECOND
/** What containers may take to report what they did: a minute is reported once it is over. */
export const WATCH_LAG_MS = 90 * SECOND
/** For so long after it began a rollback that nobody asked for is told, if it was not. */
export const TOLD_MS = 600 * SECOND
/** A call whose containers died under it so many times is given up: it may be what kills them. */
export const LOST_ATTEMPTS = 8
/** An input that its container does not know of after so long never arrived. */
export const DELIVERY_MS = 15 * SECOND
/** A call that is due for so long may have lost its hint. */
export const OVERDUE_MS = 10 * SECOND
/** What was written down, and that nobody was told of, is seen to after so long. */
export const UNSEEN_MS = 30 * SECOND
/** How many calls one step of the sweep or of a stop looks at. */
export const BATCH = 200
/** Days that a token which expired or was revoked is still listed, and told from one that never was. */
export const ENDED_TOKEN_DAYS = 30
/** A code that nobody has begun a session with is good for so long. */
export const SESSION_CODE_MS = 60 * SECOND
/** One that was used, or that nobody used, is told from one that never was for so long. */
export const OLD_CODE_MS = 3600 * SECOND
/** A session ends by itself after. */
export const SESSION_MS = 12 * 3600 * SECOND
/** Lines of a container's output that an error carries. */
export const ERROR_LOG_LINES = 20
/** A slot that became a call so long after its time is told as late: EventBridge Scheduler takes up to a minute. */
export const LATE_FIRING_MS = 90 * SECOND
/** Records of a schedule's firings are kept for about so many of its slots. */
export const FIRINGS_KEPT = { count: 100, leastMs: 86_400 * SECOND, mostMs: 400 * 86_400 * SECOND } as const
/** So many missed slots of one schedule are recorded each by itself, the latest ones. */
export const MOST_MISSED = 100
/** Characters of such a line, and of what a notice says, that are kept. */
export const NOTICE_CHARACTERS = 1_000
/** A delivery that was begun and of which nothing is heard is tried again after. */
export const ATTEMPT_MS = 60 * SECOND
/** After a failed delivery the next try waits, twice as long each time. */
export const REDELIVERY_DELAY_MS = { first: 10 * SECOND, most: 900 * SECOND } as const
/** So many attempts at a delivery look for what its call has written; the others go without. */
export const LOG_TRIES = 5
/** A notice that could not be delivered for so long is given up. */
export const DELIVERY_TRIES_MS = 24 * 3600 * SECOND
/** What lasts is told again after. */
export const REMINDER_MS = 6 * 3600 * SECOND
/** Channels of one environment: each notice is written once for each, in one step. */
export const MOST_CHANNELS = 50
