import { Duration, Fn, Validations } from 'aws-cdk-lib'
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { CONSOLE_ASSETS, CONSOLE_HEADERS } from '../../../protocol/console-headers.ts'
import { ROUTES } from '../../../protocol/routes.ts'

/**
 * Those that CloudFront may keep, for ten seconds unless told otherwise: also for whoever asks for the same path with another
 * token or query, and of some even where the answer says that no cache may have it.
 */
const ERRORS_KEPT = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]
const HTTPS_ONLY_FOR = Duration.days(365)
/** Every address of the console that is not a file of its own is its page, which reads the address itself. */
const TO_PAGE = `function handler(event) {
  var request = event.request
  if (!request.uri.startsWith('${CONSOLE_ASSETS}')) request.uri = '/index.html'
  return request
}`
/** These are no custom headers to CloudFront: it has a setting for each. */
const SECURITY_HEADERS = ['content-security-policy', 'x-content-type-options', 'referrer-policy']

export interface ConsoleDistributionProps {
  files: IBucket
  apiUrl: string
}

/** The console and the API at one address, so that the page may speak to its own origin and to no other. */
export class ConsoleDistribution extends Distribution {
  constructor(scope: Construct, id: string, { files, apiUrl }: ConsoleDistributionProps) {
    const responseHeadersPolicy = headers(scope)
    const toApi = { ...api(apiUrl), responseHeadersPolicy }
    super(scope, id, {
      comment: 'Sluice: the console',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: { ...pages(scope, files), responseHeadersPolicy },
      additionalBehaviors: Object.fromEntries(apiPaths().map((path) => [path, toApi])),
      errorResponses: ERRORS_KEPT.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    })
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'People may look at their apps from wherever they are.' },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'Without a token there is nothing but the page, and the API is throttled and checks every request.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason: 'The page is the same for everybody, and the API logs who asked it for what.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason:
          'At the name that CloudFront gives it, CloudFront chooses the protocols. Browsers choose the newest.',
      },
    )
  }
}

function pages(scope: Construct, files: IBucket): BehaviorOptions {
  return {
    origin: S3BucketOrigin.withOriginAccessControl(files),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    functionAssociations: [
      {
        eventType: FunctionEventType.VIEWER_REQUEST,
        function: new EdgeFunction(scope, 'ToPage', {
          code: FunctionCode.fromInline(TO_PAGE),
          runtime: FunctionRuntime.JS_2_0,
          comment: 'Sluice: answers every address of the console with its page',
        }),
      },
    ],
  }
}

function headers(scope: Construct): ResponseHeadersPolicy {
  const others = Object.entries(CONSOLE_HEADERS).filter(([name]) => !SECURITY_HEADERS.includes(name))
  return new ResponseHeadersPolicy(scope, 'Headers', {
    comment: 'Sluice: what the console is sent with',
    securityHeadersBehavior: {
      contentSecurityPolicy: {
        contentSecurityPolicy: CONSOLE_HEADERS['content-security-policy'],
        override: true,
      },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: HTTPS_ONLY_FOR, override: true },
    },
    customHeadersBehavior: {
      customHeaders: others.map(([header, value]) => ({ header, value, override: true })),
    },
  })
}

/** A request with all that it came with but its `Host`: the API's gateway knows itself by its own name alone. */
function api(url: string): BehaviorOptions {
  return {
    origin: new HttpOrigin(Fn.select(2, Fn.split('/', url))),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  }
}

/** What the API answers, as CloudFront tells it from the console's own addresses. */
function apiPaths(): string[] {
  const paths = Object.values(ROUTES).map(({ path }) => path.replace(/^\/v1\/.*/, '/v1/*'))
  return [...new Set(paths)]
}
