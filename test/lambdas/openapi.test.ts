import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Route } from '../../protocol/route.ts'
import { ROUTES, type RouteId } from '../../protocol/routes.ts'
import { send } from './client.ts'
import { type Installation, install } from './installation.ts'

interface Operation {
  operationId: string
  security: Record<string, string[]>[]
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: object
  responses: Record<string, { content: Record<string, { schema: object }> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

let installation: Installation
let document: Document
before(async () => {
  installation = await install()
  document = (await send(installation, 'openapi', { token: null })).body as unknown as Document
})
after(() => installation.close())

for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][]) {
  test(`${id} is described: its parameters, body, answers and who may call it`, () => {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()]
    assert.equal(operation?.operationId, id)
    const declared = new Set(
      (operation?.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`),
    )
    const expected = [
      ...Object.keys(route.params.shape).map((name) => `path ${name}`),
      ...Object.keys(route.query.shape).map((name) => `query ${name}`),
    ]
    assert.deepEqual(declared, new Set(expected))
    assert.equal(operation?.requestBody !== undefined, route.body !== undefined)
    assert.ok(operation?.responses[route.status], 'the success is described')
    assert.ok(operation?.responses.default?.content['application/problem+json'], 'and the problem')
    const schemes = operation?.security.flatMap((scheme) => Object.keys(scheme))
    const opens = { anyone: 0, user: 1, container: 1, 'user-or-container': 2 }
    assert.equal(schemes?.length, opens[route.audience])
  })
}

test('it is OpenAPI 3.1 and describes nothing but routes', () => {
  assert.match(document.openapi, /^3\.1\./)
  const described = Object.values(document.paths).flatMap((item) => Object.keys(item))
  assert.ok(described.every((method) => METHODS.includes(method)))
  assert.equal(described.length, Object.keys(ROUTES).length)
})

test('every parameter in a path is declared, and is required', () => {
  for (const [path, item] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const operation of Object.values(item)) {
      const required = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      assert.deepEqual(required.map(({ name }) => name).sort(), names.sort(), path)
      assert.ok(required.every((parameter) => parameter.required))
    }
  }
})

test('every reference leads somewhere, and every id is given once', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w.-]+)"/g)]
  assert.ok(references.length > 0)
  for (const [, kind, name] of references) {
    assert.ok(name !== undefined && kind === 'schemas' && name in document.components.schemas, name)
  }
  const ids = Object.values(document.paths).flatMap((item) =>
    Object.values(item).map((operation) => operation.operationId),
  )
  assert.equal(new Set(ids).size, ids.length)
})

test('what a function is made of is described in answers too', () => {
  const app = JSON.stringify(document.components.schemas.App)
  for (const field of ['maxContainers', 'scaledownWindow', 'concurrency', 'timeout'])
    assert.ok(app.includes(`"${field}"`), field)
})
