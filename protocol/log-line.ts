import * as z from 'zod'

/**
 * One line of an app's log. The runner writes those of its container to its own standard output, the control plane what
 * happens to the app: then it need not be about a function, a version or a container.
 */
export const LogLine = z.object({
  /** The same wherever the line is read again; whoever stores it gives it. */
  id: z.string().optional(),
  at: z.string(),
  source: z.enum(['stdout', 'stderr', 'system']),
  env: z.string(),
  app: z.string(),
  function: z.string().optional(),
  version: z.int().optional(),
  container: z.string().optional(),
  call: z.string().optional(),
  line: z.string(),
})
export type LogLine = z.infer<typeof LogLine>
