import { isDeepStrictEqual } from 'node:util'
import type { CallView } from '../../protocol/api.ts'
import type { Random } from '../../test/simulation/random.ts'
import { APP } from './app.ts'
import type { Field } from './field.ts'

/** Seconds that the API holds an answer. */
const WAIT = 20
const CALLERS = 6
const LONGEST_MS = 300

type Kind = 'double' | 'nested' | 'spawning' | 'mapping'

const KINDS: readonly Kind[] = ['double', 'double', 'double', 'nested', 'spawning', 'mapping']

/** A call that was accepted, and what its caller was told in the end. */
export interface Told {
  id: string
  n: number
  view: CallView
}

/** People who call, each one thing after the other, and hold every result against what they asked. */
export class Callers {
  readonly told: Told[] = []
  readonly #field: Field
  #made = 0

  constructor(field: Field) {
    this.#field = field
  }

  async run(): Promise<void> {
    await Promise.all(
      Array.from({ length: CALLERS }, (_, i) => this.#callAgainAndAgain(this.#field.random(`caller ${i}`))),
    )
  }

  async #callAgainAndAgain(random: Random): Promise<void> {
    while (!this.#field.isOver) {
      const kind = random.pick(KINDS) ?? 'double'
      const n = this.#made++
      const args = kind === 'double' ? [n, random.between(0, LONGEST_MS)] : [n]
      await this.#call({ kind, n, args, wait: random.chance(0.5) ? WAIT : 0 })
    }
  }

  async #call(call: { kind: Kind; n: number; args: unknown[]; wait: number }): Promise<void> {
    const { kind, n, args, wait } = call
    const { ledger } = this.#field
    const begun = Date.now()
    // The key makes a repeat of a request whose answer was lost the same call.
    const body = { args, wait, idempotencyKey: `n-${n}` }
    const { status, body: accepted } = await this.#field.ask(
      'POST',
      `/v1/apps/${APP}/functions/${kind}/calls`,
      body,
    )
    if (status >= 300) {
      ledger.fault(`call ${n} of ${kind} was refused: ${status} ${JSON.stringify(accepted)}`)
      return
    }
    const view = await this.#end(accepted)
    this.told.push({ id: view.id, n, view })
    ledger.count(`calls of ${kind}`)
    ledger.took(`a call of ${kind}`, Date.now() - begun)
    if (view.attempts > 1) ledger.count('calls run again after their container was killed')
    if (view.attempts > 1 && this.#field.kills.since(begun, kind) === undefined)
      ledger.fault(`call ${n} of ${kind} was run ${view.attempts} times though nothing was killed`)
    if (!isRight(kind, n, view)) ledger.fault(`call ${n} of ${kind} ended wrong: ${JSON.stringify(view)}`)
  }

  async #end(accepted: CallView): Promise<CallView> {
    let view = accepted
    while (view.endedAt === undefined) {
      const { status, body } = await this.#field.ask('GET', `/v1/calls/${accepted.id}?wait=${WAIT}`)
      if (status !== 200) throw new Error(`Call ${accepted.id} is lost: ${status} ${JSON.stringify(body)}`)
      view = body
    }
    return view
  }
}

/** Whether it tells of what was asked, and of the version that ran it. What it called may have run on another. */
function isRight(kind: Kind, n: number, { status, result, version }: CallView): boolean {
  if (status !== 'succeeded') return false
  const { by, ...rest } = result as { by: number; inner?: object; all?: object[] }
  if (by !== version && kind !== 'double') return false
  const double = (of: number) => ({ n: of, doubled: 2 * of })
  switch (kind) {
    case 'double':
      return isDeepStrictEqual(result, { ...double(n), by: version })
    case 'nested':
    case 'spawning':
      return isDeepStrictEqual({ ...rest, inner: withoutBy(rest.inner) }, { n, inner: double(n) })
    case 'mapping':
      return isDeepStrictEqual(
        { ...rest, all: rest.all?.map(withoutBy) },
        { n, all: [n, n + 1, n + 2, n + 3].map(double) },
      )
  }
}

function withoutBy(result: object | undefined): object {
  const { by: _, ...rest } = { by: 0, ...result }
  return rest
}
