import * as z from 'zod'
import { DEFAULT_ENV, EnvName, SecretName } from './names.ts'
import { PageQuery } from './page.ts'
import type { Route } from './route.ts'
import * as secrets from './secrets.ts'

const none = z.strictObject({})
const env = EnvName.default(DEFAULT_ENV)
const secret = z.strictObject({ name: SecretName })
const environment = z.strictObject({ env: EnvName })

const forPeople = { group: 'secrets', audience: 'user', status: 200 } as const

/** Secrets, and the environments that keep them apart. */
export const SECRET_ROUTES = {
  listSecrets: {
    ...forPeople,
    method: 'GET',
    path: '/v1/secrets',
    scopes: ['read'],
    summary: 'Secrets of an environment, without their values',
    params: none,
    query: z.strictObject({ env, ...PageQuery }),
    response: z.object({ items: z.array(secrets.SecretView), cursor: z.string().optional() }),
  },
  getSecret: {
    ...forPeople,
    method: 'GET',
    path: '/v1/secrets/{name}',
    scopes: ['read'],
    summary: 'One secret, its versions, and which versions of apps they belong to',
    params: secret,
    query: z.strictObject({ env }),
    response: secrets.SecretDetail,
  },
  putSecret: {
    ...forPeople,
    method: 'PUT',
    path: '/v1/secrets/{name}',
    scopes: ['deploy'],
    summary: 'Write a secret; with `force` a new version of it',
    params: secret,
    query: z.strictObject({ env }),
    body: secrets.PutSecretRequest,
    confidential: true,
    response: secrets.SecretView,
  },
  deleteSecret: {
    ...forPeople,
    method: 'DELETE',
    path: '/v1/secrets/{name}',
    scopes: ['deploy'],
    summary: 'Delete a secret and all its versions; with `force` also while versions of apps need it',
    params: secret,
    query: z.strictObject({ env, force: z.stringbool().default(false) }),
    response: secrets.SecretView,
  },
  listEnvironments: {
    ...forPeople,
    method: 'GET',
    path: '/v1/environments',
    scopes: ['read'],
    summary: 'All environments',
    params: none,
    query: none,
    response: z.object({ items: z.array(secrets.EnvironmentView) }),
  },
  getEnvironment: {
    ...forPeople,
    method: 'GET',
    path: '/v1/environments/{env}',
    scopes: ['read'],
    summary: 'One environment',
    params: environment,
    query: none,
    response: secrets.EnvironmentView,
  },
  putEnvironment: {
    ...forPeople,
    method: 'PUT',
    path: '/v1/environments/{env}',
    scopes: ['admin'],
    summary: 'Create an environment, unless it is there',
    params: environment,
    query: none,
    body: secrets.PutEnvironmentRequest,
    response: secrets.EnvironmentView,
  },
  deleteEnvironment: {
    ...forPeople,
    method: 'DELETE',
    path: '/v1/environments/{env}',
    scopes: ['admin'],
    summary: 'Delete an environment without apps, and its secrets with it',
    params: environment,
    query: none,
    response: secrets.EnvironmentView,
  },
} as const satisfies Record<string, Route>
