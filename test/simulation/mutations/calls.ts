import { type Mutation, mutation } from './mutation.ts'

const STORE = 'platforms/local/store/calls.ts'
const CALLS = 'control/calls.ts'
const OUTCOMES = 'control/outcomes.ts'
const RUNTIME = 'control/runtime.ts'
const GIVEN = 'control/given-calls.ts'
const SWEEP = 'control/sweep.ts'

/** Who gets a call, what is recorded of it, and that it ends. */
export const CALL_MUTATIONS: readonly Mutation[] = [
  {
    name: 'an outdated container claims new calls',
    edits: [
      { file: STORE, from: 'pin is null and accepted_version <= $version', to: 'pin is null' },
      { file: STORE, from: 'and $version = (select live_version from apps where ${KEY})', to: '' },
    ],
  },
  mutation(
    'a draining container claims calls',
    STORE,
    `and exists (select 1 from containers where id = $container and state = 'ready')`,
  ),
  mutation(
    'a call that runs is claimed once more',
    STORE,
    `where id = $id and status = 'pending' and available_at <= $at`,
    `where id = $id and status in ('pending', 'running') and available_at <= $at`,
  ),
  mutation(
    'a pinned call runs on whatever is live',
    STORE,
    '(pin = $version or pin is null and accepted_version',
    '(accepted_version',
  ),
  mutation(
    'a call for another function is taken',
    STORE,
    'and available_at <= $at and function = $function and ${KEY}',
    'and available_at <= $at and $function = $function and ${KEY}',
  ),
  {
    name: 'a result is recorded without its lease',
    edits: [
      {
        file: STORE,
        from: `where id = $id and lease = $lease and status = 'running' returning container\``,
        to: `where id = $id and $lease = $lease and status = 'running' returning container\``,
      },
      {
        file: OUTCOMES,
        from: `call?.lease !== lease || call.container !== containerId || call.status`,
        to: 'call?.status',
      },
    ],
  },
  mutation(
    'a call is accepted for whatever version was live before',
    STORE,
    ` || live !== draft.acceptedVersion) return`,
    ') return',
  ),
  mutation(
    'a stopped app accepts calls',
    STORE,
    `app?.state !== 'deployed' || live !== draft.acceptedVersion`,
    'live !== draft.acceptedVersion',
  ),
  mutation(
    'an idempotency key makes a second call',
    STORE,
    `if (known) return { kind: 'duplicate', call: known }`,
  ),
  mutation(
    'a call that has ended is cancelled',
    STORE,
    'if (before && !isTerminal(before.status)) {',
    'if (before) {',
  ),
  mutation(
    'a call that runs fails with those that wait',
    STORE,
    `error = $error, ended_at = $at where id = $id and status = 'pending'`,
    `error = $error, ended_at = $at where id = $id`,
  ),
  mutation(
    'a retry is taken before its time',
    STORE,
    `where id = $id and status = 'pending' and available_at <= $at and`,
    `where id = $id and status = 'pending' and`,
  ),
  mutation(
    'the calls of a dead container are forgotten',
    'control/containers.ts',
    `    await releaseLost(ports, call, { name: 'Lost', message: \`The container that ran it \${describe(exit)}.\` })\n`,
  ),
  mutation(
    'an input that never arrived is never given out again',
    GIVEN,
    '      if (waited >= DELIVERY_MS) await releaseLost(ports, call, error)\n',
  ),
  mutation('an input that is on its way is given out again', GIVEN, 'waited >= DELIVERY_MS', 'true'),
  mutation(
    'an input that is on its way is given out again where a clock was set',
    GIVEN,
    'Math.min(passed, now - ports.listeningSince)',
    'passed',
  ),
  mutation(
    'a call that its container never ends goes on for ever',
    GIVEN,
    'passed >= longestMs(ports, container)',
    'false',
  ),
  mutation(
    'a call that was lost is given up',
    OUTCOMES,
    'call.attempts - call.failures >= LOST_ATTEMPTS',
    'true',
  ),
  mutation(
    'calls whose hint was lost wait for ever',
    SWEEP,
    'seeToSilentContainers, seeToOverdueCalls, ',
    'seeToSilentContainers, ',
  ),
  {
    name: 'nothing is queued, neither at first nor again',
    edits: [
      {
        file: CALLS,
        from: `const sent = await ports.queue.send(queue, call.id, call.availableAt)`,
        to: `const sent: string = 'taken'`,
      },
    ],
  },
  mutation(
    'calls of a function that is gone are left where they are',
    'control/settle.ts',
    `.map(({ function: name }): Action => ({ do: 'pin', function: name }))`,
    '.flatMap((): Action[] => [])',
  ),
  mutation(
    'calls of a version that cannot start wait for ever',
    'control/scale.ts',
    'return trouble.broken && active.length === 0 && load.waiting > 0',
    'return false',
  ),
  mutation(
    'an idempotency key stands for any call',
    CALLS,
    'if (call.fingerprint === asked) return',
    'if (call.fingerprint !== undefined || asked) return',
  ),
  mutation(
    'a cancelled call goes on',
    RUNTIME,
    'return running.filter((lease) => !valid.has(lease))',
    'return running.filter((lease) => valid.size < 0 && lease)',
  ),
  mutation(
    'a call that waits is not cancelled',
    STORE,
    'if (before && !isTerminal(before.status)) {',
    `if (before?.status === 'running') {`,
  ),
  mutation(
    'a call that fails is not tried again',
    OUTCOMES,
    'if (!retries || call.failures >= retries.max) return',
    'if (!retries || call.failures >= 0) return',
  ),
  mutation(
    'a call that fails is tried again without an end',
    OUTCOMES,
    'if (!retries || call.failures >= retries.max) return',
    'if (!retries) return',
  ),
  mutation(
    'a call that fails is tried again at once',
    OUTCOMES,
    'delayMs: retryDelayMs(retries, call.failures),',
    'delayMs: 0 * retryDelayMs(retries, call.failures),',
  ),
  mutation(
    'a call that was lost counts as one that failed',
    OUTCOMES,
    '{ failed: false, error, delayMs: 0 }',
    '{ failed: true, error, delayMs: 0 }',
  ),
]
