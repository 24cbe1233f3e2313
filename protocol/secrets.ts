import * as z from 'zod'
import { VersionStatus } from './api.ts'
import { VariableName } from './names.ts'
import { record } from './record.ts'

/** Secrets and environments, as the public API shows them: values go in and do not come out. */

/** Of the variables as JSON: AWS Secrets Manager takes no more ("AWS Secrets Manager quotas"). */
export const MAX_SECRET_BYTES = 65_536
const MOST_VARIABLES = 100
/** What a container has of its machine. Those of Sluice itself begin with `SLUICE_`. */
const OF_THE_MACHINE = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR']
const OF_SLUICE = /^SLUICE_/i

/**
 * Values by the names of environment variables. What is no name is told by its place only, as names and values may have
 * been mixed up.
 */
export const SecretVariables = record(z.string(), z.string()).superRefine((variables, context) => {
  const complain = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message })
  const names = Object.keys(variables)
  if (names.length === 0) complain('must have at least one variable')
  if (names.length > MOST_VARIABLES) complain(`must not have more than ${MOST_VARIABLES} variables`)
  for (const [index, [name, value]] of Object.entries(variables).slice(0, MOST_VARIABLES).entries()) {
    const fault = VariableName.safeParse(name).error?.issues[0]?.message
    if (fault) complain(`must be named as environment variables are: name ${index + 1} ${fault}`)
    else if (isReserved(name)) complain('is set by Sluice itself; choose another name', name)
    if (value.includes('\0')) complain(`must not have NUL characters: value ${index + 1} has one`)
  }
  const bytes = new TextEncoder().encode(JSON.stringify(variables)).byteLength
  if (bytes > MAX_SECRET_BYTES) complain(`must be at most ${MAX_SECRET_BYTES} bytes as JSON, not ${bytes}`)
})
export type SecretVariables = z.infer<typeof SecretVariables>

export const isReserved = (name: string): boolean => OF_THE_MACHINE.includes(name) || OF_SLUICE.test(name)

export const PutSecretRequest = z.strictObject({
  variables: SecretVariables,
  /** Whether to make a new version of a secret that there is already. */
  force: z.boolean().default(false),
  client: z.string().max(100).optional(),
})

const Time = z.iso.datetime()

export const SecretView = z
  .object({
    name: z.string(),
    env: z.string(),
    /** The newest, which deploys and rollovers take. */
    version: z.int(),
    /** Names only. */
    variables: z.array(z.string()),
    writtenAt: Time,
    writtenBy: z.string(),
  })
  .meta({ id: 'Secret' })
export type SecretView = z.infer<typeof SecretView>

const SecretPin = z.object({ app: z.string(), version: z.int(), status: VersionStatus })

export const SecretDetail = SecretView.extend({
  /** Those that are kept, newest first, each with the versions of apps that were deployed with it. */
  versions: z.array(
    SecretView.pick({ version: true, variables: true, writtenAt: true, writtenBy: true }).extend({
      pinnedBy: z.array(SecretPin),
    }),
  ),
}).meta({ id: 'SecretDetail' })
export type SecretDetail = z.infer<typeof SecretDetail>

export const PutEnvironmentRequest = z.strictObject({ client: z.string().max(100).optional() })

export const EnvironmentView = z
  .object({
    name: z.string(),
    state: z.enum(['open', 'deleting']),
    /** Absent for `main`, which is always there. */
    createdAt: Time.optional(),
    createdBy: z.string().optional(),
    /** True where it was there before. */
    unchanged: z.boolean().optional(),
  })
  .meta({ id: 'Environment' })
export type EnvironmentView = z.infer<typeof EnvironmentView>
