import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { Secrets } from '../../control/ports.ts'
import type { SecretRef } from '../../control/secret-model.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Settings } from './settings.ts'

export function makeSecrets(settings: Settings): Secrets {
  return new ManagedSecrets(new SecretsManagerClient(CLIENT_SETTINGS), settings.secretsPrefix)
}

/**
 * A secret of Secrets Manager for each version of a secret. Versions within one are no place for what must be kept: those
 * without a staging label may be deleted at any time, and there are 20 labels for all of them ("AWS Secrets Manager
 * quotas").
 */
export class ManagedSecrets implements Secrets {
  readonly #client: SecretsManagerClient
  readonly #prefix: string

  constructor(client: SecretsManagerClient, prefix: string) {
    this.#client = client
    this.#prefix = prefix
  }

  async put(ref: SecretRef, values: Record<string, string>): Promise<void> {
    const command = new CreateSecretCommand({
      Name: this.#nameOf(ref),
      SecretString: JSON.stringify(values),
      Description: 'Sluice: the variables of a secret, for the containers that were deployed with it',
    })
    await this.#client.send(command).catch(refused)
  }

  async get(ref: SecretRef): Promise<Record<string, string> | undefined> {
    try {
      const { SecretString = '{}' } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#nameOf(ref) }),
      )
      return valuesIn(SecretString, this.#nameOf(ref))
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  }

  /** At once, as nobody is left who could ask for it back; its name is not used again. */
  async remove(ref: SecretRef): Promise<void> {
    try {
      await this.#client.send(
        new DeleteSecretCommand({ SecretId: this.#nameOf(ref), ForceDeleteWithoutRecovery: true }),
      )
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error
    }
  }

  #nameOf({ env, name, version }: SecretRef): string {
    return `${this.#prefix}${env}/${name}/${version}`
  }
}

/** The engine's own words would quote what somebody has written there by hand. */
function valuesIn(text: string, name: string): Record<string, string> {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(
      `${name} in AWS Secrets Manager is no JSON any more. Restore its first version, or write the secret anew with --force.`,
    )
  }
}

/** Without the service's own words, which may quote what was sent. */
function refused(error: unknown): never {
  const why = error instanceof Error ? error.name : 'unknown'
  throw new Error(`AWS Secrets Manager did not take the secret (${why}).`)
}
