import { type Mutation, mutation } from './mutation.ts'

const STORE = 'platforms/local/store/containers.ts'
const DRAIN = 'control/drain.ts'
const SCALE = 'control/scale.ts'
const RUNTIME = 'control/runtime.ts'

/** How many there are, when they leave, and what is left when they do. */
export const CONTAINER_MUTATIONS: readonly Mutation[] = [
  mutation(
    'two plans at once start twice as many',
    STORE,
    'if (pool.length !== expect || rivals.length >= max) return false',
  ),
  {
    name: 'as many are started as there is work',
    edits: [
      { file: STORE, from: ' || rivals.length >= max) return false', to: ') return false' },
      {
        file: SCALE,
        from: 'return Math.min(spec.maxContainers, Math.max(',
        to: 'return Math.min(100, Math.max(',
      },
      { file: SCALE, from: 'const room = spec.maxContainers - all.length', to: 'const room = 100' },
    ],
  },
  mutation('the warm pool is not kept', SCALE, 'Math.max(isLive ? spec.minContainers : 0, wanted)', 'wanted'),
  mutation(
    'what is idle is never let go',
    SCALE,
    'if (surplus <= 0) return []',
    'if (surplus >= 0) return []',
  ),
  mutation(
    'nothing more is started for more work',
    SCALE,
    'if (desired > active.length) return grow',
    'if (desired < 0) return grow',
  ),
  mutation(
    'requests that wait wake nobody',
    SCALE,
    'sum + demand.pending + demand.waiting',
    'sum + demand.pending',
  ),
  mutation(
    'outdated containers stay',
    DRAIN,
    'if (isOutdated(seen, container)) return [outdate(seen, container)]',
  ),
  mutation(
    'outdated containers are killed at once',
    DRAIN,
    'return holdsNothing || later.isDue(container.drainDeadline ?? 0)',
    'return holdsNothing || later.isDue(0)',
  ),
  mutation(
    'what drains may stay for ever',
    DRAIN,
    `? [{ do: 'kill', container: container.id }]
    : []`,
    '? []\n    : []',
  ),
  mutation(
    'a start that hangs is waited for, for ever',
    DRAIN,
    'if (!later.isDue(container.startedAt + limit * 1000 + seen.launchMs)) return []',
    'if (limit >= 0) return []',
  ),
  mutation(
    'a container leaves with calls in it',
    RUNTIME,
    'const idle = container.running === 0 && requests === 0',
    'const idle = requests === 0',
  ),
  mutation(
    'a container leaves with requests in it',
    RUNTIME,
    'const idle = container.running === 0 && requests === 0',
    'const idle = container.running === 0',
  ),
  mutation(
    'a container leaves while requests are sent to it',
    RUNTIME,
    "idle && (await ports.ingress.isReleased(container.id)) ? 'exit'",
    "idle ? 'exit'",
  ),
  mutation(
    'a container that drains is given work',
    RUNTIME,
    `if (container.state !== 'draining') return 'work'`,
    `if (container.state) return 'work'`,
  ),
  mutation(
    'requests are sent to what has not started',
    'control/route.ts',
    `state === 'ready' && address !== undefined ? [{ container: id, version, address }] : []`,
    `[{ container: id, version, address: address ?? '' }]`,
  ),
  mutation(
    'a dead container is not written off',
    'control/containers.ts',
    '  await ports.store.containerStopped(id, describe(exit), at)\n',
  ),
  mutation(
    'containers that were launched and died unseen are not missed',
    'control/sweep.ts',
    '[seeToSilentContainers, ',
    '[',
  ),
  mutation(
    'containers that are quiet for a moment are killed',
    'control/sweep.ts',
    'ports.store.silentContainers(now - silenceMs)',
    'ports.store.silentContainers(now - 1_000)',
  ),
  mutation(
    'a launch that was cut off is not repeated',
    DRAIN,
    `if (!container.launched) return [{ do: 'launch', container }]`,
  ),
  mutation(
    'a report of usage is added as often as it comes',
    STORE,
    'coalesce(reported, 0) < $sequence',
    'coalesce(reported, 0) <= $sequence',
  ),
  mutation('reports of usage are dropped', STORE, '        addReport(db, container, report)\n'),
  mutation(
    'a container that stopped is kept on no record',
    STORE,
    '        if (stopped > 0) keepLife(db, id, at)\n',
  ),
  mutation(
    'a dead container is not fenced off',
    'control/containers.ts',
    '  await ports.store.drainContainer(id, { deadline: at, reason: describe(exit), at })\n',
  ),
  mutation(
    'a container that was given up is not told so',
    RUNTIME,
    `if (!container || container.state === 'stopped') throw gone(id)`,
    'if (!container) throw gone(id)',
  ),
  mutation(
    'outdated containers are given no time for what they do',
    DRAIN,
    'deadline: seen.now + timeout + DRAIN_GRACE_MS, reason }',
    'deadline: seen.now + 0 * timeout + DRAIN_GRACE_MS, reason }',
  ),
  mutation(
    'containers that are let go are given no time for what they do',
    SCALE,
    'deadline: seen.now + timeout * 1000 + DRAIN_GRACE_MS, reason }',
    'deadline: seen.now + 0 * timeout + DRAIN_GRACE_MS, reason }',
  ),
  mutation(
    'what is outdated for nobody but pinned calls is let go',
    DRAIN,
    'return !pinned || !hasCalls(pinned)',
    'return !pinned || hasCalls(pinned) || !hasCalls(pinned)',
  ),
  mutation(
    'all are taken for dead where a clock was set',
    'control/sweep.ts',
    '  if (now - listeningSince < silenceMs) return\n',
  ),
]
