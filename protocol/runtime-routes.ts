import * as z from 'zod'
import type { Route } from './route.ts'
import * as runtime from './runtime.ts'

const none = z.strictObject({})

const forContainers = {
  method: 'POST',
  group: 'runtime',
  audience: 'container',
  scopes: [],
  params: none,
  query: none,
  status: 200,
} as const

/** The runtime API: a runner is its only client, and speaks for its own container alone. */
export const RUNTIME_ROUTES = {
  boot: {
    ...forContainers,
    path: '/v1/runtime/boot',
    summary: 'What this container is to run',
    body: runtime.BootRequest,
    response: runtime.BootResponse,
  },
  ready: {
    ...forContainers,
    path: '/v1/runtime/ready',
    summary: 'This container can take work',
    body: runtime.ReadyRequest,
    response: runtime.ReadyResponse,
  },
  next: {
    ...forContainers,
    path: '/v1/runtime/next',
    summary: 'Return outcomes, take inputs',
    body: runtime.NextRequest,
    response: runtime.NextResponse,
  },
  heartbeat: {
    ...forContainers,
    path: '/v1/runtime/heartbeat',
    summary: 'This container is alive',
    body: runtime.HeartbeatRequest,
    response: runtime.HeartbeatResponse,
  },
  exit: {
    ...forContainers,
    path: '/v1/runtime/exit',
    summary: 'This container cannot go on',
    body: runtime.ExitRequest,
    response: z.object({}),
  },
  upload: {
    ...forContainers,
    path: '/v1/runtime/upload',
    summary: 'Where to put a large result',
    body: runtime.UploadRequest,
    response: runtime.UploadResponse,
  },
  judge: {
    ...forContainers,
    path: '/v1/runtime/judge',
    summary: 'Whether a token may call the web function of this container',
    body: runtime.JudgeRequest,
    response: runtime.JudgeResponse,
  },
} as const satisfies Record<string, Route>
