import { timingSafeEqual } from 'node:crypto'
import type { ContainerRuntime } from '../protocol/author.ts'

/** The query's parameter that tells the address of a result. */
export const TICKET = 'sluice-call'
/** Of the signature's 64: 128 bits cannot be guessed. */
const SIGNATURE_LENGTH = 32
const SHAPE = /^([0-9A-Za-z_-]{1,64})\.([0-9a-f]{32})$/

type Signer = Pick<ContainerRuntime, 'sign'>

/** Names a call so that nobody can name another one: who was not given a ticket has none. */
export const ticketFor = (signer: Signer, callId: string): string =>
  `${callId}.${signatureOf(signer, callId)}`

/** The call's id, if the ticket was made by this function. */
export function callOf(signer: Signer, ticket: string): string | undefined {
  const [, id, signature] = SHAPE.exec(ticket) ?? []
  if (id === undefined || signature === undefined) return undefined
  return timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(signer, id))) ? id : undefined
}

const signatureOf = (signer: Signer, callId: string): string =>
  signer.sign(`later:${callId}`).slice(0, SIGNATURE_LENGTH)
