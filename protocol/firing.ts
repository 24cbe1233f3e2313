import * as z from 'zod'
import { Schedule } from './manifest.ts'
import { AppName, EnvName, FunctionName } from './names.ts'

/** What a scheduler outside of this process tells when a slot of a schedule has come. */
export const ScheduleFired = z.strictObject({
  env: EnvName,
  app: AppName,
  function: FunctionName,
  schedule: Schedule,
  /** The time that was scheduled. */
  slot: z.iso.datetime(),
})
export type ScheduleFired = z.infer<typeof ScheduleFired>
