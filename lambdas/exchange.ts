import type middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { Principal } from '../control/access.ts'
import type { ApiEvent, ApiResult } from '../protocol/gateway.ts'
import type { BoundRoute } from './route-handler.ts'

/** What the middlewares have found out about one request; each adds its part. */
export interface Exchange {
  route: BoundRoute
  principal: Principal | undefined
  /** Keeps an eye on whoever reads lines; absent where there is nothing that could end. */
  watch?: (lines: AsyncIterable<string>) => AsyncIterable<string>
  input: { params: unknown; query: unknown; body: unknown }
}

export type ExchangeContext = Context & { exchange: Exchange }

export type Middleware = middy.MiddlewareObj<ApiEvent, ApiResult, Error, ExchangeContext>
