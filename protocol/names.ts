import * as z from 'zod'

export { type AppKey, appLabel, DEFAULT_ENV } from './app-key.ts'

/** Names as Modal allows them, less those that could leave a folder or pass for an id. */
export const AppName = z
  .string()
  .regex(
    /^(?!ap-)(?!.*\.\.)[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, ".", "_" or "-", begin with a letter or digit, not begin with "ap-", and not contain ".."',
  )

export const EnvName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9]|-(?!-)){0,31}$/, 'must be 1 to 32 of a-z, 0-9 and single "-"')

export const FunctionName = z
  .string()
  .regex(
    /^(?!__)[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/,
    'must be 1 to 64 letters, digits, "_" or "-", and not begin with a digit or "__"',
  )

export const SecretName = z
  .string()
  .regex(
    /^(?!.*\.\.)[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, ".", "_" or "-", begin with a letter or digit, and not contain ".."',
  )

export const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and "_", and not begin with a digit')

export const Tag = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,50}$/, 'must be 1 to 50 letters, digits, ".", "_" or "-"')

/** A label is one part of a host name (RFC 1035, section 2.3.1), so at most 63 octets. */
export const Label = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 of a-z, 0-9 and "-", and not begin or end with "-"',
  )

/** Of a call or a container. */
export const RecordId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
