import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { awsHeaders } from '../../sdk/aws-signature.ts'
import { ConfigurationError } from '../../sdk/errors.ts'

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a secret',
  AWS_SESSION_TOKEN: 'a session',
}
const URL_OF_API = 'https://a1b2c3.execute-api.eu-west-3.amazonaws.com/v1/apps/shop/versions?env=main'
const BODY = JSON.stringify({ reason: 'déjà vu' })

test('a request is signed as AWS itself would sign it', async () => {
  const headers = await awsHeaders({ method: 'POST', url: URL_OF_API, body: BODY }, CREDENTIALS)
  assert.equal(headers['x-amz-security-token'], 'a session')
  assert.equal(headers.authorization, await signatureByAws(headers))
})

test('who has no AWS credentials is told what to set', async () => {
  const signed = awsHeaders({ method: 'GET', url: URL_OF_API }, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' })
  await assert.rejects(signed, (error: Error) => {
    assert.ok(error instanceof ConfigurationError)
    assert.match(error.message, /AWS_SECRET_ACCESS_KEY.*SLUICE_TOKEN/)
    return true
  })
})

test('an address that names no region needs AWS_REGION', async () => {
  const unsigned = { method: 'GET', url: 'https://sluice.example.com/v1/apps' }
  await assert.rejects(awsHeaders(unsigned, CREDENTIALS), /AWS_REGION.*sluice\.example\.com/)
  const { authorization } = await awsHeaders(unsigned, { ...CREDENTIALS, AWS_REGION: 'us-east-1' })
  assert.match(authorization ?? '', /us-east-1\/execute-api/)
})

/** The authorization header that AWS's own library gives the same request at the same moment. */
async function signatureByAws(headers: Record<string, string>): Promise<string | undefined> {
  const { host, pathname } = new URL(URL_OF_API)
  const [, y, mo, d, h, mi, s] =
    /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(headers['x-amz-date'] ?? '') ?? []
  const signer = new SignatureV4({
    service: 'execute-api',
    region: 'eu-west-3',
    sha256: Sha256,
    applyChecksum: false,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a secret', sessionToken: 'a session' },
  })
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname: host,
    path: pathname,
    query: { env: 'main' },
    headers: { host },
    body: BODY,
  }
  const signed = await signer.sign(request, { signingDate: new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) })
  return signed.headers.authorization
}
