import type { VersionStatus } from '../protocol/api.ts'

/** The records of secrets and environments. Times are milliseconds since the epoch. */

/** A namespace of apps and secrets. `main` is always there, and not recorded. */
export interface Environment {
  name: string
  createdAt: number
  createdBy: string
  /** Nothing is deployed there any more; what it holds is being deleted. */
  isClosed: boolean
}

export interface SecretKey {
  env: string
  name: string
}

/** Which values: those of one version of a secret. */
export interface SecretRef extends SecretKey {
  version: number
}

/** A named group of environment variables; their values are elsewhere, behind the port `Secrets`. */
export interface Secret extends SecretKey {
  /** The newest version. */
  version: number
  variables: string[]
  writtenAt: number
  writtenBy: string
}

/** One version of a secret: its values never change. */
export interface SecretVersion extends SecretKey {
  version: number
  /** Absent where it was only begun: there may be values or not, and nobody refers to them. */
  written?: Pick<Secret, 'variables' | 'writtenAt' | 'writtenBy'>
  begunAt: number
  isNewest: boolean
  /** Its secret was deleted: what is left of it is to be removed. */
  isDeleted: boolean
}

/** A version of an app that was deployed with a version of a secret. */
export interface SecretPin {
  app: string
  version: number
  status: VersionStatus
  secret: string
  secretVersion: number
}

/** A version that failed will not run again. */
export const needsSecret = ({ status }: Pick<SecretPin, 'status'>): boolean => status !== 'failed'
