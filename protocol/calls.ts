import * as z from 'zod'
import { Sha256 } from './names.ts'

/** JSON text, in place or by the hash of a blob that holds it, whose size is not always known. */
export const Payload = z.union([
  z.strictObject({ json: z.string().refine(isJson, 'must be JSON text') }),
  z.strictObject({ blob: Sha256, size: z.int().optional() }),
])
export type Payload = z.infer<typeof Payload>

export const CallError = z.object({ name: z.string(), message: z.string(), stack: z.string().optional() })
export type CallError = z.infer<typeof CallError>

export const CallStatus = z.enum(['pending', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled'])
export type CallStatus = z.infer<typeof CallStatus>

/** What a container is given for one execution of a function. */
export const Input = z.object({
  callId: z.string(),
  /** The right to report this attempt's outcome; void once the call was given to another container. */
  lease: z.string(),
  attempt: z.int(),
  /** Milliseconds from when it was due until it was given out. */
  waitedMs: z.int(),
  args: z.union([z.strictObject({ json: z.string() }), z.strictObject({ url: z.string() })]),
  /** Set where the caller asked for this very version, so that nested calls stay on it. */
  pinned: z.boolean(),
})
export type Input = z.infer<typeof Input>

/** What became of one input. `lost`: the process that ran it died of something that was not this call's doing. */
export const Outcome = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('succeeded'), result: Payload }),
  z.strictObject({ status: z.literal('failed'), error: CallError }),
  z.strictObject({ status: z.literal('timed_out'), error: CallError }),
  z.strictObject({ status: z.literal('lost'), error: CallError }),
])
export type Outcome = z.infer<typeof Outcome>

export const Completion = z.strictObject({ callId: z.string(), lease: z.string(), outcome: Outcome })
export type Completion = z.infer<typeof Completion>

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
