import { AwsV4Signer } from 'aws4fetch'
import { ConfigurationError } from './errors.ts'

export interface Unsigned {
  method: string
  url: string
  body?: string | undefined
}

/** As the AWS command line and the SDKs name them. */
export type AwsVariables = Record<string, string | undefined>

/**
 * The headers that prove to API Gateway which AWS identity sends a request, from the credentials in the environment.
 * @throws ConfigurationError where there are none
 * @see "Signature Version 4 for API requests", IAM User Guide
 */
export async function awsHeaders(
  { method, url, body }: Unsigned,
  variables: AwsVariables,
): Promise<Record<string, string>> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables
  if (!accessKeyId || !secretAccessKey) throw new ConfigurationError(NO_CREDENTIALS)
  const region = regionOf(url) ?? variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION
  if (!region) throw new ConfigurationError(`Set AWS_REGION to the region of ${new URL(url).host}.`)
  const signer = new AwsV4Signer({
    method,
    url,
    accessKeyId,
    secretAccessKey,
    region,
    service: 'execute-api',
    ...(body !== undefined && { body }),
    ...(variables.AWS_SESSION_TOKEN && { sessionToken: variables.AWS_SESSION_TOKEN }),
  })
  const { headers } = await signer.sign()
  return Object.fromEntries(headers)
}

const NO_CREDENTIALS =
  'SLUICE_AUTH=aws signs requests with AWS credentials, and there are none in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Set them (`eval "$(aws configure export-credentials --format env)"` does), or set SLUICE_TOKEN instead.'

/** Such as `eu-west-3` in `https://a1b2c3.execute-api.eu-west-3.amazonaws.com`. */
function regionOf(url: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(new URL(url).host)?.[1]
}
