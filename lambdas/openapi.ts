import * as z from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { ROLES, SCOPES_OF } from '../protocol/access.ts'
import { ERRORS, Problem } from '../protocol/errors.ts'
import type { Audience, Route } from '../protocol/route.ts'
import { ROUTES } from '../protocol/routes.ts'

const VERSION = '1'
const USER = 'userToken'
const CONTAINER = 'containerToken'
/** Which of the schemes opens a route; the empty requirement is no token at all. */
const SECURITY: Record<Audience, Record<string, string[]>[]> = {
  anyone: [{}],
  user: [{ [USER]: [] }],
  container: [{ [CONTAINER]: [] }],
  'user-or-container': [{ [USER]: [] }, { [CONTAINER]: [] }],
}

let document: Record<string, unknown> | undefined

/** The public and the runtime API in OpenAPI 3.1, made from the route table at the first request for it. */
export function openApiDocument(): Record<string, unknown> {
  document ??= {
    ...createDocument(
      {
        openapi: '3.1.1',
        info: {
          title: 'Sluice',
          version: VERSION,
          description: 'Managed deployments: deploy, call, roll out, drain, roll back, stop.',
        },
        security: SECURITY.user,
        tags: [...new Set(Object.values(ROUTES).map((route) => route.group))].map((name) => ({ name })),
        paths: pathsOf(ROUTES),
        components: {
          schemas: { Problem },
          securitySchemes: {
            [USER]: bearer('A person’s or program’s token; `sluice up` keeps one in DIR/token.'),
            [CONTAINER]: bearer(
              'The token that a container is started with; it opens what concerns that container.',
            ),
          },
        },
      },
      { override: showTransformed },
    ),
  }
  return document
}

function pathsOf(routes: Record<string, Route>): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {}
  for (const [id, route] of Object.entries(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(id, route) }
  }
  return paths
}

function operationOf(operationId: string, route: Route): ZodOpenApiOperationObject {
  return {
    operationId,
    summary: route.summary,
    tags: [route.group],
    security: SECURITY[route.audience],
    ...(route.scopes.length > 0 && { description: rolesFor(route) }),
    requestParams: { path: route.params, query: route.query },
    ...(route.body && { requestBody: { content: { 'application/json': { schema: route.body } } } }),
    responses: responsesOf(route),
  }
}

/** OpenAPI has scopes for OAuth only. */
function rolesFor({ scopes }: Route): string {
  const able = ROLES.filter((role) => scopes.some((scope) => SCOPES_OF[role].includes(scope)))
  return `Takes a token with the role ${able.join(' or ')}.`
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const type = route.streams ?? 'application/json'
  const success = { description: route.summary, content: { [type]: { schema: route.response } } }
  return {
    [`${route.status}`]: success,
    // A deploy that changed nothing, and a call that ended in time, are answered at once.
    ...(route.status === 202 && { '200': success }),
    default: {
      description: `A problem, whose code is one of ${Object.keys(ERRORS).join(', ')}`,
      content: { 'application/problem+json': { schema: Problem } },
    },
  }
}

function bearer(description: string): { type: 'http'; scheme: 'bearer'; description: string } {
  return { type: 'http', scheme: 'bearer', description }
}

/** JSON Schema cannot see through a transformation; those of the protocol only fill in defaults, so their source tells. */
const showTransformed: ZodOpenApiOverride = ({ zodSchema, jsonSchema, io }) => {
  if (io === 'output' && zodSchema instanceof z.ZodPipe && zodSchema.out instanceof z.ZodTransform) {
    const { $schema, ...source } = z.toJSONSchema(zodSchema.in, { io })
    Object.assign(jsonSchema, source)
  }
}
