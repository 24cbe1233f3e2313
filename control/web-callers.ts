import { SluiceError } from '../protocol/errors.ts'
import type { JudgeResponse } from '../protocol/runtime.ts'
import { authenticate, type Principal, requirePresence, requireScope } from './access.ts'
import type { Container } from './model.ts'
import type { Needs } from './ports.ts'

type JudgePorts = Needs<'clock' | 'keys' | 'store'>

/** Why a caller is not let in; anything else is our own failure. */
const REFUSALS = { unauthenticated: 401, container_gone: 401, forbidden: 403 } as const

/** Whether whoever holds the token may call the web function that a container runs. */
export async function judgeCaller(ports: JudgePorts, id: string, token: string): Promise<JudgeResponse> {
  const container = await requirePresence(ports, id)
  try {
    const principal = await authenticate(ports, token)
    const caller = await admitted(ports, principal, container)
    const { expiresAt } = principal.kind === 'user' ? principal : {}
    const left = expiresAt === undefined ? undefined : (expiresAt - ports.clock.now()) / 1000
    return { verdict: 'allowed', caller, ...(left !== undefined && { lasts: left }) }
  } catch (error) {
    const status = error instanceof SluiceError && REFUSALS[error.code as keyof typeof REFUSALS]
    if (!status) throw error
    return { verdict: 'refused', status, detail: error.message }
  }
}

/** @returns the caller's name. @throws SluiceError where they may not */
async function admitted(ports: JudgePorts, principal: Principal, container: Container): Promise<string> {
  if (principal.kind === 'user') {
    requireScope(principal, ['call'])
    refuseForeign(`The token "${principal.name}"`, principal.env ?? container.env, container.env)
    return `token:${printable(principal.name)}`
  }
  const { id, env, app, function: name } = await requirePresence(ports, principal.id)
  refuseForeign(`Container ${id}`, env, container.env)
  return `function:${app}.${name}`
}

function refuseForeign(who: string, own: string, env: string): void {
  if (own === env) return
  throw new SluiceError('forbidden', `${who} is of environment "${own}" and may not act in "${env}".`)
}

/** As a header can carry it: names of the first tokens are those of the machine's users. */
const printable = (name: string): string => name.replace(/[^!-$&-~]/gu, encodeURIComponent)
