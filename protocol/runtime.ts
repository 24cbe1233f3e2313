import * as z from 'zod'
import { CallError, Completion, Input } from './calls.ts'
import { FunctionSpec } from './manifest.ts'
import { Sha256 } from './names.ts'
import { UploadHeaders } from './upload.ts'
import { UsageReport } from './usage-report.ts'

/** The runtime API: what a runner and the control plane say to each other. The runner is its only client. */

/** Inputs with 1: take them. 2: take nothing new, finish. 3: nothing is left, leave. */
export const Directive = z.enum(['work', 'drain', 'exit'])
export type Directive = z.infer<typeof Directive>

export const Download = z.object({ path: z.string(), url: z.string(), sha256: z.string(), size: z.int() })
export type Download = z.infer<typeof Download>

export const BootRequest = z.strictObject({})
/** What has to succeed before the container may say that it is ready: a GET of the path, or one call without arguments. */
export const Check = z.union([z.strictObject({ path: z.string() }), z.strictObject({ call: z.string() })])
export type Check = z.infer<typeof Check>

export const BootResponse = z.object({
  env: z.string(),
  app: z.string(),
  function: z.string(),
  version: z.int(),
  spec: FunctionSpec,
  /** Every file of the container, by its path below the container's root. */
  files: z.array(Download),
  /** Which of the files is the author's bundle. */
  entry: z.string(),
  /** What the function signs addresses with: the same in all of its containers, of every version, and in no others. */
  signingKey: z.string(),
  /** Seconds at least between two reports of usage. */
  reportEvery: z.number(),
  /** Environment variables for the author's code, and for nobody else: they are written down nowhere. */
  secrets: z.record(z.string(), z.string()).optional(),
  /** Set where all calls that the container makes within its app stay on its version, as it is staged. */
  pinned: z.boolean().optional(),
  check: Check.optional(),
})
export type BootResponse = z.infer<typeof BootResponse>

/** An IP address and a port, as `10.0.0.7:8080` or `[::1]:8080`. */
const Address = z
  .string()
  .regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$/, 'must be an IP address and a port')

export const ReadyRequest = z.strictObject({ address: Address.optional() })
export const ReadyResponse = z.object({ directive: Directive })

export const NextRequest = z.strictObject({
  completed: z.array(Completion),
  /** How many more inputs the container can take now. */
  free: z.int().min(0).max(1000),
  /** What the `waitAt` address answered, where one was given. */
  wake: z.string().optional(),
})
export type NextRequest = z.infer<typeof NextRequest>
export const NextResponse = z.object({
  inputs: z.array(Input),
  directive: Directive,
  /** An address to GET, which answers when there may be work; absent where this request itself was held. */
  waitAt: z.string().optional(),
})
export type NextResponse = z.infer<typeof NextResponse>

export const HeartbeatRequest = z.strictObject({
  /** Leases that it executes, or whose outcome was not accepted yet: one that never arrived is noticed by its absence. */
  running: z.array(z.string()),
  /** Web requests and open sockets in flight. */
  requests: z.int().min(0),
  /** Whether it knows that it is to drain: only then may the answer to that be held. */
  draining: z.boolean().default(false),
  /** What it has done since its last report; sent again until the heartbeat is answered. */
  stats: UsageReport.optional(),
})
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>
export const HeartbeatResponse = z.object({
  directive: Directive,
  /** Leases that no longer count: stop working on them. */
  revoked: z.array(z.string()),
  /** Seconds until the next heartbeat is due; 0 where the answer itself was held. */
  after: z.number(),
})
export type HeartbeatResponse = z.infer<typeof HeartbeatResponse>

export const ExitRequest = z.strictObject({
  error: CallError,
  logs: z.array(z.string()),
  /** Whether it is the check that was not passed. */
  check: z.boolean().optional(),
})
export type ExitRequest = z.infer<typeof ExitRequest>

export const UploadRequest = z.strictObject({ sha256: Sha256 })
export const UploadResponse = z.object({
  /** Absent where the content is stored already. */
  uploadUrl: z.string().optional(),
  headers: UploadHeaders.optional(),
})
export type UploadResponse = z.infer<typeof UploadResponse>

/** Who sent a web request, and whether they may. */
export const JudgeRequest = z.strictObject({ token: z.string().min(1).max(300) })
export const JudgeResponse = z.discriminatedUnion('verdict', [
  z.object({
    verdict: z.literal('allowed'),
    /** `token:<name>`, or `function:<app>.<function>`. */
    caller: z.string(),
    /** Seconds that the token is good for at most; absent where it does not end by itself. */
    lasts: z.number().optional(),
  }),
  z.object({
    verdict: z.literal('refused'),
    status: z.union([z.literal(401), z.literal(403)]),
    detail: z.string(),
  }),
])
export type JudgeResponse = z.infer<typeof JudgeResponse>
