import type { AuditEntry } from './model.ts'
import type { Page, Paged } from './paging.ts'
import type { Environment, Secret, SecretKey, SecretPin, SecretRef, SecretVersion } from './secret-model.ts'

/** What there is to know about secrets, without their values. */
export interface SecretStore {
  secret(key: SecretKey): Promise<Secret | undefined>
  /** By name. */
  secrets(env: string, page: Page): Promise<Paged<Secret>>
  secretVersion(ref: SecretRef): Promise<SecretVersion | undefined>
  /** Newest first, with those that were only begun, and those of a secret that was deleted. */
  secretVersions(key: SecretKey): Promise<SecretVersion[]>
  /** The same of all secrets of an environment. */
  allSecretVersions(env: string): Promise<SecretVersion[]>
  /** Gives out the secret's next number. None is given out twice, also not after the secret was deleted. */
  beginSecret(key: SecretKey, at: number): Promise<number>
  /**
   * Makes a version that was begun a version of the secret, its newest unless a later one is. False, and nothing is
   * changed, where there is a secret and `force` is not set, or where it was deleted since the version was begun.
   */
  writeSecret(secret: Secret, options: { force: boolean; entry: AuditEntry }): Promise<boolean>
  /**
   * `deleted` once: for whoever did. Nothing is changed where there is none, and where versions of apps need it while
   * `force` is not set, or may be about to: no version begins with what is being deleted.
   */
  deleteSecret(
    key: SecretKey,
    options: { force: boolean; entry: AuditEntry },
  ): Promise<'deleted' | 'needed' | 'none'>
  forgetSecretVersion(ref: SecretRef): Promise<void>
  /** Which versions of the environment's apps were deployed with which versions of its secrets. */
  secretPins(env: string): Promise<SecretPin[]>
}

/** Environments but `main`, which is always there. */
export interface EnvironmentStore {
  environment(name: string): Promise<Environment | undefined>
  /** By name. */
  environments(): Promise<Environment[]>
  /** False if there is one of that name. */
  createEnvironment(environment: Environment, entry: AuditEntry): Promise<boolean>
  /** No version begins in a closed one. */
  closeEnvironment(name: string, isClosed: boolean): Promise<void>
  /** True for whoever removed it; false if it is not there, or not closed. */
  removeEnvironment(name: string, entry: AuditEntry): Promise<boolean>
}
