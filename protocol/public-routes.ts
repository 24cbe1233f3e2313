import * as z from 'zod'
import type { Route } from './route.ts'

const noParams = z.strictObject({})

/** What anyone may ask for. */
export const PUBLIC_ROUTES = {
  health: {
    method: 'GET',
    path: '/healthz',
    group: 'public',
    audience: 'anyone',
    scopes: [],
    summary: 'Whether the control plane answers',
    params: noParams,
    query: noParams,
    status: 200,
    response: z.object({ status: z.literal('ok') }),
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    group: 'public',
    audience: 'anyone',
    scopes: [],
    summary: 'This document',
    params: noParams,
    query: noParams,
    status: 200,
    response: z.looseObject({}),
  },
} as const satisfies Record<string, Route>
