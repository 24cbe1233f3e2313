import { type RemovalPolicy, Validations } from 'aws-cdk-lib'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'

const LENGTH = 64

export function makeKey(scope: Construct, { removalPolicy }: { removalPolicy: RemovalPolicy }): Secret {
  const key = new Secret(scope, 'Key', {
    description: 'Sluice: what tokens of containers and fingerprints of calls are made with',
    generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
    removalPolicy,
  })
  Validations.of(key).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'Every running container’s token is derived from it, and lasts for as long as the container: to rotate it is to stop them all, which is for a person to decide.',
  })
  return key
}
