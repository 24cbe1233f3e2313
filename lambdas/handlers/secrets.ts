import { deleteEnvironment as dropEnvironment } from '../../control/environment-removal.ts'
import { createEnvironment, findEnvironment, requireEnvironment } from '../../control/environments.ts'
import type { Needs } from '../../control/ports.ts'
import type { Environment, Secret } from '../../control/secret-model.ts'
import {
  describeSecret,
  deleteSecret as dropSecret,
  type SecretDescription,
  writeSecret,
} from '../../control/secrets.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { DEFAULT_ENV } from '../../protocol/names.ts'
import { SECRET_ROUTES } from '../../protocol/secret-routes.ts'
import type { EnvironmentView, SecretDetail, SecretView } from '../../protocol/secrets.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { pageView } from '../views.ts'

export type SecretsPorts = Needs<'clock' | 'ids' | 'keys' | 'secrets' | 'store'>

/** Secrets, whose values come in here and do not come out, and environments. */
export function makeSecretsHandler(ports: SecretsPorts, report?: ReportError): ApiHandler {
  return groupHandler<'secrets', SecretsPorts>(
    SECRET_ROUTES,
    ports,
    {
      listSecrets,
      getSecret,
      putSecret,
      deleteSecret,
      listEnvironments,
      getEnvironment,
      putEnvironment,
      deleteEnvironment,
    },
    report,
  )
}

const listSecrets: RouteHandler<'listSecrets', SecretsPorts> = async (ports, { query }) => {
  await requireEnvironment(ports, query.env)
  const page = await ports.store.secrets(query.env, query)
  return { body: pageView(page, page.items.map(secretView)) }
}

const getSecret: RouteHandler<'getSecret', SecretsPorts> = async (ports, { params, query }) => ({
  body: secretDetail(await describeSecret(ports, { env: query.env, name: params.name })),
})

const putSecret: RouteHandler<'putSecret', SecretsPorts> = async (
  ports,
  { params, query, body, principal },
) => {
  const key = { env: query.env, name: params.name }
  return { body: secretView(await writeSecret(ports, { ...body, key, by: principal.name })) }
}

const deleteSecret: RouteHandler<'deleteSecret', SecretsPorts> = async (
  ports,
  { params, query, principal },
) => {
  const key = { env: query.env, name: params.name }
  return { body: secretView(await dropSecret(ports, { key, force: query.force, by: principal.name })) }
}

const listEnvironments: RouteHandler<'listEnvironments', SecretsPorts> = async (ports) => {
  const created = await ports.store.environments()
  return { body: { items: [DEFAULT, ...created.map(environmentView)] } }
}

const getEnvironment: RouteHandler<'getEnvironment', SecretsPorts> = async (ports, { params: { env } }) => ({
  body: env === DEFAULT_ENV ? DEFAULT : environmentView(await findEnvironment(ports, env)),
})

const putEnvironment: RouteHandler<'putEnvironment', SecretsPorts> = async (
  ports,
  { params, body, principal },
) => {
  const { environment, unchanged } = await createEnvironment(ports, {
    ...body,
    name: params.env,
    by: principal.name,
  })
  const view = environment ? environmentView(environment) : DEFAULT
  return { body: unchanged ? { ...view, unchanged } : view }
}

const deleteEnvironment: RouteHandler<'deleteEnvironment', SecretsPorts> = async (
  ports,
  { params, principal },
) => ({ body: environmentView(await dropEnvironment(ports, { name: params.env, by: principal.name })) })

const DEFAULT: EnvironmentView = { name: DEFAULT_ENV, state: 'open' }

function environmentView({ name, isClosed, createdAt, createdBy }: Environment): EnvironmentView {
  return {
    name,
    state: isClosed ? 'deleting' : 'open',
    createdAt: new Date(createdAt).toISOString(),
    createdBy,
  }
}

function secretView({ name, env, version, variables, writtenAt, writtenBy }: Secret): SecretView {
  return { name, env, version, variables, writtenAt: new Date(writtenAt).toISOString(), writtenBy }
}

function secretDetail({ secret, versions, pins }: SecretDescription): SecretDetail {
  return {
    ...secretView(secret),
    versions: versions.flatMap(({ version, written }) => {
      if (!written) return []
      const { variables, writtenAt, writtenBy } = secretView({ ...secret, ...written })
      const pinnedBy = pins
        .filter(({ secretVersion }) => secretVersion === version)
        .map(({ app, version, status }) => ({ app, version, status }))
      return [{ version, variables, writtenAt, writtenBy, pinnedBy }]
    }),
  }
}
