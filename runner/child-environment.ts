import { authorVariables, type RunnerEnvironment, toVariables } from '../protocol/environment.ts'
import type { BootResponse } from '../protocol/runtime.ts'

/** All that the author's code inherits of the machine. Anything else there is none of its business, and may be secret. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR']

/** The environment of the author's process: the machine's few, the author's own, and what Sluice says about itself. */
export function childVariables(
  environment: RunnerEnvironment,
  assignment: BootResponse,
  inherited: Record<string, string | undefined>,
): Record<string, string> {
  const { SLUICE_URL, SLUICE_TOKEN, ...kept } = earlyVariables(environment, inherited)
  return { ...kept, ...assignment.spec.env, ...authorVariables(assignment), SLUICE_URL, SLUICE_TOKEN }
}

/** What of it is known from the beginning. */
export function earlyVariables(
  environment: RunnerEnvironment,
  inherited: Record<string, string | undefined>,
): Record<string, string> & { SLUICE_URL: string; SLUICE_TOKEN: string } {
  const kept = INHERITED.flatMap((name) => {
    const value = inherited[name]
    return value === undefined ? [] : [[name, value]]
  })
  // With these the author's code calls other functions.
  const { SLUICE_URL = '', SLUICE_TOKEN = '' } = toVariables(environment)
  return { ...Object.fromEntries(kept), SLUICE_URL, SLUICE_TOKEN }
}

/** What the author's process sets besides. The author's own `env` wins, and what Sluice says about itself. */
export function secretVariables({ secrets = {}, spec }: BootResponse): Record<string, string> {
  const isOurs = (name: string) => Object.hasOwn(spec.env, name) || name.startsWith('SLUICE_')
  const kept = Object.entries(secrets).filter(([name]) => !isOurs(name))
  return Object.fromEntries(kept)
}
