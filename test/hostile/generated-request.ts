import { isUtf8 } from 'node:buffer'
import fc, { type Arbitrary } from 'fast-check'
import type { Fitting } from './fitting.ts'
import { corrupted, hostileBody } from './hostile-bytes.ts'
import { hostileText, mutated } from './hostile-json.ts'
import { type Definitions, faultIn, type JsonSchema } from './json-schema.ts'
import type { Operation } from './openapi.ts'

/** Who sends it: the token is filled in when it goes out, so that a seed leads to the same requests anywhere. */
export type Sender = 'admin' | 'container' | 'nobody' | 'forger'

interface Parts {
  method: string
  /** The values of the path's parameters, in its order, as they stand in it. */
  path: string[]
  /** As it stands behind the question mark. */
  query: string
  headers: Record<string, string>
  body: Buffer | undefined
  sender: Sender
}

const HEADERS: readonly Record<string, string>[] = [
  { 'content-type': 'application/json' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  { 'x-http-method-override': 'DELETE', 'x-original-url': '/v1/tokens', 'x-rewrite-url': '/v1/tokens' },
  { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1', 'x-forwarded-host': 'evil.example' },
  { origin: 'http://evil.example' },
  { cookie: `a=${'x'.repeat(4_000)}`, range: 'bytes=0-', 'if-none-match': '*', accept: 'application/xml' },
  { 'x-note': 'café', 'accept-language': '../../../etc/passwd', 'user-agent': '' },
]
const JUNK = [
  '%',
  '%zz',
  '&&&',
  '=',
  'env',
  'env=',
  'env=main&env=main',
  'env[]=main',
  '__proto__=1',
  '%ff=%c0%af',
  '+',
]
/** Values of a path that no client library would let through. */
const RAW_VALUES = [
  '%',
  '%zz',
  '%ff',
  '%c0%ae%c0%ae',
  '%2e%2e',
  '..',
  '.',
  '%2F..%2F',
  ';a=b',
  '*',
  '%00',
  '',
]
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']

export class GeneratedRequest {
  readonly operation: Operation
  readonly parts: Parts
  /** As it stands in the request line. */
  readonly target: string

  constructor(operation: Operation, parts: Parts) {
    this.operation = operation
    this.parts = parts
    const values = parts.path.values()
    const path = operation.path.replace(/\{\w+\}/g, () => values.next().value ?? '')
    this.target = parts.query === '' ? path : `${path}?${parts.query}`
  }

  /** Why the document does not allow it; undefined where it does. */
  misfit(definitions: Definitions): string | undefined {
    const { parameters, body } = this.operation
    const given = { path: this.#pathValues(), query: valuesIn(this.parts.query) }
    for (const { name, in: place, required, schema } of parameters) {
      const text = given[place].get(name)
      const fault =
        text === undefined ? required && 'is missing' : faultIn(schema, fromText(schema, text), definitions)
      if (fault) return `${name} of the ${place}: ${fault}`
    }
    const unknown = [...given.query.keys()].find(
      (name) => !parameters.some((parameter) => parameter.in === 'query' && parameter.name === name),
    )
    if (unknown !== undefined) return `${unknown} of the query is not known`
    return body && faultInBody(body, this.parts.body, definitions)
  }

  [fc.toStringMethod](): string {
    const { method, headers, body, sender } = this.parts
    const shown = body && JSON.stringify(body.toString('latin1').slice(0, 2_000))
    return `${method} ${this.target} (${this.operation.id}, by ${sender}) ${JSON.stringify(headers)} ${shown ?? ''}`
  }

  #pathValues(): Map<string, string> {
    const names = [...this.operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    return new Map(names.map((name, index) => [name, decoded(this.parts.path[index] ?? '')]))
  }
}

/** Requests for an operation: some that fit, most changed in a few places, some that are nothing of the kind. */
export function requestsFor(operation: Operation, fitting: Fitting): Arbitrary<GeneratedRequest> {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query')
  const textFor = ({ name, schema }: { name: string; schema: JsonSchema }) =>
    fc.oneof(
      { weight: 14, arbitrary: fitting.value(schema, name).map(String) },
      { weight: 1, arbitrary: hostileText },
    )
  const pairs = inQuery.map((parameter) =>
    mostly(
      undefined,
      textFor(parameter).map((text) => `${parameter.name}=${encoded(text)}`),
      3,
    ),
  )
  const junk = fc.oneof(
    fc.constantFrom(...JUNK),
    fc.tuple(hostileText, hostileText).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
  )
  const query = fc
    .tuple(fc.tuple(...pairs), mostly(undefined, junk, 10))
    .map(([known, extra]) => [...known, extra].filter((pair) => pair !== undefined).join('&'))
  const sender: Sender = operation.isForPeople || !operation.isForContainers ? 'admin' : 'container'
  return fc
    .record<Parts>({
      method: mostly(operation.method, fc.constantFrom(...METHODS), 40),
      path: fc.tuple(
        ...inPath.map((parameter) =>
          fc.oneof(
            { weight: 20, arbitrary: textFor(parameter).map(encoded) },
            { weight: 1, arbitrary: fc.constantFrom(...RAW_VALUES) },
          ),
        ),
      ),
      query,
      headers: mostly({ 'content-type': 'application/json' }, fc.constantFrom(...HEADERS), 5),
      body: bodyFor(operation, fitting),
      sender: mostly(sender, fc.constantFrom<Sender>('admin', 'container', 'nobody', 'forger'), 12),
    })
    .map((parts) => new GeneratedRequest(operation, parts))
}

function bodyFor({ body }: Operation, fitting: Fitting): Arbitrary<Buffer | undefined> {
  if (!body) return mostly(undefined, hostileBody, 10)
  const value = fitting.value(body)
  const json = (values: Arbitrary<unknown>) => values.map((one) => Buffer.from(JSON.stringify(one) ?? ''))
  return fc.oneof(
    { weight: 4, arbitrary: json(value) },
    { weight: 5, arbitrary: json(mutated(value)) },
    { weight: 2, arbitrary: corrupted(json(value)) },
    { weight: 1, arbitrary: hostileBody },
  )
}

/** The usual, but for one time in so many. */
function mostly<Value, Other>(
  usual: Value,
  unusual: Arbitrary<Other>,
  oneIn: number,
): Arbitrary<Value | Other> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: unusual })
}

function faultInBody(
  schema: JsonSchema,
  body: Buffer | undefined,
  definitions: Definitions,
): string | undefined {
  if (body && !isUtf8(body)) return 'the body is not UTF-8'
  const text = body?.toString() ?? ''
  try {
    return faultIn(schema, text === '' ? {} : JSON.parse(text), definitions, 'the body')
  } catch {
    return 'the body is no JSON'
  }
}

/** A name that is given twice has its values joined, as API Gateway does it. */
function valuesIn(query: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before},${value}`)
  }
  return values
}

/** Queries and paths are text; what is to be a number is read as one. */
const fromText = ({ type }: JsonSchema, text: string): unknown =>
  type === 'number' || type === 'integer' ? Number(text) : text

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
