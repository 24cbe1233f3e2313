import * as z from 'zod'
import { FunctionName } from './names.ts'
import { own } from './own.ts'

/** What an author may ask of a version before it is live, and soon after. */

/** A path that a web function answers, or a function of the app that is called: it must succeed before a version goes live. */
export const Check = z.union(
  [
    z
      .string()
      .max(1024)
      .regex(/^\/[^\s]*$/),
    FunctionName,
  ],
  'must be a path such as /healthz, or the name of a function',
)

/** When a version that has just gone live is given up for the one before it. */
export const RollbackPolicy = z.strictObject({
  /** Of its calls and requests, the share that may fail. */
  errorRate: z.number().min(0).max(1).default(0.05),
  /** Seconds after the cutover. */
  window: z.number().min(10).max(3600).default(300),
  /** Fewer calls and requests than these say nothing. */
  minCalls: z.int().min(1).max(1_000_000).default(20),
})

/** What is wrong with the check of an app of these functions. */
export function checkFault(
  check: string,
  functions: Record<string, { kind: 'plain' | 'web' | 'scheduled' }>,
): string | undefined {
  const kinds = Object.values(functions).map(({ kind }) => kind)
  if (check.startsWith('/'))
    return kinds.includes('web') ? undefined : 'is a path, but the app has no web function'
  const spec = own(functions, check)
  if (!spec) return `names the function "${check}", which the app does not have`
  return spec.kind === 'web'
    ? `names ${check}, which is a web function: write a path such as /healthz`
    : undefined
}
