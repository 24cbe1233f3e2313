import { openApiDocument } from '../../lambdas/openapi.ts'
import { type Definitions, type JsonSchema, requireKnown } from './json-schema.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: JsonSchema
}

/** One method of one path, as the served document describes it. */
export interface Operation {
  id: string
  method: string
  path: string
  parameters: Parameter[]
  body: JsonSchema | undefined
  /** By status; `default` is every other one. */
  answers: Map<string, { type: string; schema: JsonSchema }>
  /** Whether a container's token opens it. */
  isForContainers: boolean
  isForPeople: boolean
}

interface DescribedOperation {
  operationId: string
  security: Record<string, string[]>[]
  parameters?: (Omit<Parameter, 'required'> & { required?: boolean })[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { content: Record<string, { schema: JsonSchema }> }>
}

interface Document {
  paths: Record<string, Record<string, DescribedOperation>>
  components: { schemas: Definitions }
}

/** As it goes over the wire. */
export const DOCUMENT: Document = JSON.parse(JSON.stringify(openApiDocument()))
export const DEFINITIONS: Definitions = DOCUMENT.components.schemas

/** @throws Error at a word of JSON Schema that the generator and the validator do not know. */
export const OPERATIONS: readonly Operation[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => operationOf(method.toUpperCase(), path, described)),
)

function operationOf(method: string, path: string, described: DescribedOperation): Operation {
  const parameters = (described.parameters ?? []).map((parameter) => ({ required: false, ...parameter }))
  const body = described.requestBody?.content['application/json']?.schema
  const schemes = described.security.flatMap((scheme) => Object.keys(scheme))
  const answers = Object.entries(described.responses).flatMap(([status, { content }]) =>
    Object.entries(content).map(([type, { schema }]) => [status, { type, schema }] as const),
  )
  const schemas = [
    body,
    ...parameters.map(({ schema }) => schema),
    ...answers.map(([, { schema }]) => schema),
  ]
  for (const schema of schemas) if (schema) requireKnown(schema, DEFINITIONS)
  return {
    id: described.operationId,
    method,
    path,
    parameters,
    body,
    answers: new Map(answers),
    isForContainers: schemes.includes('containerToken'),
    isForPeople: schemes.includes('userToken'),
  }
}
