/** What a gateway and a handler say to each other: API Gateway's payload format 2.0, as far as Sluice reads it. */

export interface ApiEvent {
  version: string
  /** The method and the path of the route table, such as `GET /v1/apps/{app}`. */
  routeKey: string
  rawPath: string
  rawQueryString: string
  /** By lower-case name. */
  headers: Record<string, string | undefined>
  /** Absent without any; a name that was given twice has its values joined by commas. */
  queryStringParameters?: Record<string, string | undefined> | undefined
  /** Decoded. */
  pathParameters?: Record<string, string | undefined> | undefined
  body?: string | undefined
  isBase64Encoded: boolean
  requestContext: {
    requestId: string
    /** Milliseconds since the epoch. */
    timeEpoch: number
    http: { method: string; path: string; sourceIp: string; userAgent: string }
  }
}

export interface ApiResult {
  statusCode: number
  headers: Record<string, string>
  /** Whole, or in pieces as they come; whoever sends them calls `return` on the iterator once the client has gone. */
  body: string | AsyncIterable<string>
}

export type ApiHandler = (event: ApiEvent) => Promise<ApiResult>
