const ROLE = 'arn:aws:iam::000000000000:role/site'
/** "Use managed cache policies" and "Use managed origin request policies". */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

const TO_PAGE = `function handler(event) {
  var request = event.request
  if (!request.uri.startsWith('/assets/')) request.uri = '/index.html'
  return request
}`

/** Tells what it is asked, with the status that it is asked for. */
const TELL = `exports.handler = async ({ requestContext, headers, rawQueryString, body }) => ({
  statusCode: Number(headers['wanted-status'] ?? 200),
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ method: requestContext.http.method, headers, rawQueryString, body }),
})`

export interface Archive {
  name: string
  bucket: string
  key: string
}

/** A bucket with the files of the archive, a distribution of it, and below /v1/ an HTTP API. */
export function template({ name, bucket, key }: Archive): object {
  return {
    Resources: { ...files(name, { bucket, key }), ...api(name), ...edge(name) },
    Outputs: { Address: { Value: { 'Fn::GetAtt': ['Distribution', 'DomainName'] } } },
  }
}

const API_HOST = { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }] }] }

const DISTRIBUTION_ARN = {
  'Fn::Join': ['/', ['arn:aws:cloudfront::000000000000:distribution', { Ref: 'Distribution' }]],
}

function files(name: string, { bucket, key }: Omit<Archive, 'name'>): Record<string, object> {
  const contents = `arn:aws:s3:::${name}-files/*`
  return {
    Files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${name}-files` } },
    Access: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Files' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: 's3:*',
              Resource: contents,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Action: 's3:GetObject',
              Resource: contents,
              Condition: { StringEquals: { 'AWS:SourceArn': DISTRIBUTION_ARN } },
            },
          ],
        },
      },
    },
    Copy: {
      Type: 'Custom::CDKBucketDeployment',
      Properties: {
        ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:none',
        SourceBucketNames: [bucket],
        SourceObjectKeys: [key],
        DestinationBucketName: { Ref: 'Files' },
        Exclude: ['*'],
        Include: ['index.html', 'assets/*'],
        SystemMetadata: { 'cache-control': 'no-cache' },
      },
    },
  }
}

function api(name: string): Record<string, object> {
  return {
    Teller: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: TELL },
      },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: name, ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Teller', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: '$default',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
  }
}

function edge(name: string): Record<string, object> {
  return {
    Control: {
      Type: 'AWS::CloudFront::OriginAccessControl',
      Properties: {
        OriginAccessControlConfig: {
          Name: name,
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      },
    },
    ToPage: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        Name: name,
        AutoPublish: true,
        FunctionCode: TO_PAGE,
        FunctionConfig: { Comment: name, Runtime: 'cloudfront-js-2.0' },
      },
    },
    Headers: {
      Type: 'AWS::CloudFront::ResponseHeadersPolicy',
      Properties: {
        ResponseHeadersPolicyConfig: {
          Name: name,
          CustomHeadersConfig: {
            Items: [{ Header: 'permissions-policy', Value: 'camera=()', Override: true }],
          },
          SecurityHeadersConfig: {
            ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'none'", Override: true },
            StrictTransportSecurity: { AccessControlMaxAgeSec: 60, Override: true },
          },
        },
      },
    },
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          Origins: [
            {
              Id: 'files',
              DomainName: { 'Fn::GetAtt': ['Files', 'RegionalDomainName'] },
              S3OriginConfig: { OriginAccessIdentity: '' },
              OriginAccessControlId: { 'Fn::GetAtt': ['Control', 'Id'] },
            },
            { Id: 'api', DomainName: API_HOST, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
          ],
          DefaultCacheBehavior: {
            TargetOriginId: 'files',
            ViewerProtocolPolicy: 'redirect-to-https',
            CachePolicyId: CACHING_DISABLED,
            ResponseHeadersPolicyId: { Ref: 'Headers' },
            FunctionAssociations: [
              { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['ToPage', 'FunctionARN'] } },
            ],
          },
          CacheBehaviors: [
            {
              PathPattern: '/v1/*',
              TargetOriginId: 'api',
              ViewerProtocolPolicy: 'https-only',
              AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
              CachePolicyId: CACHING_DISABLED,
              OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
            },
          ],
        },
      },
    },
  }
}
