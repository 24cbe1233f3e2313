import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'

/**
 * Where clients find their credentials in a handler's bundle, in place of `@aws-sdk/credential-provider-node`. Lambda puts
 * those of the function's role into the environment ("Defined runtime environment variables", AWS Lambda Developer Guide);
 * profiles, single sign-on and instance metadata, which the SDK would look through otherwise, are not to be had there.
 */
export const defaultProvider = (): AwsCredentialIdentityProvider => async () => credentialsIn(process.env)

/** @throws Error where there are none */
export function credentialsIn(variables: NodeJS.ProcessEnv): AwsCredentialIdentity {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error(
      'This function has no AWS credentials in its environment: Lambda sets AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for a function that has a role.',
    )
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  }
}
