import { appLabel } from '../protocol/names.ts'
import { keyOf, type Version } from './model.ts'
import { type NoticePorts, raise } from './notices.ts'
import { MOST_MISSED } from './policy.ts'

/** Up to the hour: what goes on failing is told again every hour, and not for every slot. */
const HOUR_LENGTH = '2026-01-31T06'.length

/** Tells people that slots of a function's schedule, in order, have gone by without a firing. To be told before it is recorded. */
export async function tellMissed(
  ports: NoticePorts,
  live: Version,
  name: string,
  slots: number[],
): Promise<void> {
  const [first, ...others] = slots.map((slot) => new Date(slot).toISOString())
  if (first === undefined) return
  const { env, app, version, commit, deployedBy } = live
  await raise(ports, {
    ...keyOf(live),
    id: `firing_missed/${env}/${app}/${name}/${first.slice(0, HOUR_LENGTH)}`,
    kind: 'firing_missed',
    at: ports.clock.now(),
    version,
    function: name,
    deployedBy,
    ...(commit && { commit }),
    message: `${sentence(name, first, others)} See \`sluice schedule list ${appLabel(live)}\`; \`sluice schedule trigger ${appLabel(live)}.${name}\` runs it now.`,
    logs: [],
  })
}

function sentence(name: string, first: string, others: string[]): string {
  const last = others.at(-1)
  if (last === undefined) return `${name} should have run at ${first}, and its schedule did not fire.`
  const count = others.length + 1
  const atLeast = count >= MOST_MISSED ? 'at least ' : ''
  return `${name} should have run ${atLeast}${count} times from ${first} to ${last}, and its schedule did not fire.`
}
