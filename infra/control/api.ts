import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Route } from '../../protocol/route.ts'
import { ROUTES } from '../../protocol/routes.ts'
import { alarm } from '../alarm.ts'
import type { Context } from '../context.ts'
import type { ApiHandlers } from './api-handlers.ts'

/** A bound on what a loop of somebody's costs, per second: far above what one installation needs. */
const THROTTLE = { rateLimit: 2_000, burstLimit: 2_000 }
const ALARM_PERIOD = Duration.minutes(5)
/** Neither tokens nor contents. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    caller: '$context.identity.userArn',
    route: '$context.routeKey',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    bytes: '$context.responseLength',
    error: '$context.integrationErrorMessage',
  }),
)

export interface ApiProps {
  context: Context
  handlers: ApiHandlers
  /** Whether a request carries a token, which the handlers check, or is signed with AWS credentials, which IAM does. */
  auth: 'token' | 'signature'
}

/** The routes, as an HTTP API over their handlers. */
export class Api extends Construct {
  readonly url: string
  readonly #auth: ApiProps['auth']

  constructor(scope: Construct, id: string, { context, handlers, auth }: ApiProps) {
    super(scope, id)
    this.#auth = auth
    const api = new HttpApi(this, 'Http', {
      apiName: auth === 'token' ? 'sluice' : 'sluice-signed',
      createDefaultStage: false,
      defaultAuthorizer: auth === 'token' ? new HttpNoneAuthorizer() : new HttpIamAuthorizer(),
      defaultIntegration: this.#integrate(handlers, 'public'),
    })
    this.url = api.apiEndpoint
    this.#route(api, handlers)
    this.#stage(api, context)
    alarm(this, 'Failures', {
      context,
      metric: api.metricServerError({ period: ALARM_PERIOD, statistic: 'Sum' }),
      says: 'Requests to the API were answered with a 5xx. Look at the access log for the route, then at its handler’s log.',
    })
  }

  #route(api: HttpApi, handlers: ApiHandlers): void {
    const routes: Route[] = Object.values(ROUTES)
    for (const [group, ofGroup] of Map.groupBy(routes.filter(this.#isServed), ({ group }) => group)) {
      const integration = this.#integrate(handlers, group)
      for (const { method, path } of ofGroup) {
        api.addRoutes({ path, methods: [HttpMethod[method]], integration })
      }
    }
    if (this.#auth === 'signature') return
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The handlers check the token themselves, as they do on a laptop: an authorizer would be one more function to wait for.',
    })
  }

  /** Containers have a token and no AWS credentials. */
  readonly #isServed = ({ audience }: Route): boolean => this.#auth === 'token' || audience !== 'container'

  #integrate(handlers: ApiHandlers, group: Route['group']): HttpLambdaIntegration {
    return new HttpLambdaIntegration(group, handlers.byGroup[group].function, {
      scopePermissionToRoute: false,
    })
  }

  #stage(httpApi: HttpApi, { logRetentionDays }: Context): void {
    const log = new LogGroup(this, 'AccessLog', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    new HttpStage(this, 'Stage', {
      httpApi,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: ACCESS_LOG },
    })
  }
}
