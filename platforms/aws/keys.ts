import { createHmac, hash } from 'node:crypto'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Keys } from '../../control/ports.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Settings } from './settings.ts'

/** Below that a secret could be guessed from what was made with it. */
const LEAST_CHARACTERS = 32

/**
 * The installation's keys, from the secret that the stacks have made. It is read once, when the handler starts.
 * @throws Error where the secret is empty or too short.
 */
export async function makeKeys(settings: Settings): Promise<Keys> {
  return readKeys(new SecretsManagerClient(CLIENT_SETTINGS), settings.keySecret)
}

export async function readKeys(client: SecretsManagerClient, secretId: string): Promise<Keys> {
  const { SecretString: secret = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
  if (secret.length < LEAST_CHARACTERS) {
    throw new Error(
      `The secret ${secretId} holds ${secret.length} characters; at least ${LEAST_CHARACTERS} are needed. Restore an earlier version of it, or deploy the stacks again: then every token that was given out is void.`,
    )
  }
  return {
    mac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    hash: (text) => hash('sha256', text),
  }
}
