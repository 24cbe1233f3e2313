/** JSON Schema, as far as our document uses it. A word that is new here stops the tests until somebody teaches it to them. */
export interface JsonSchema {
  $ref?: string
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  items?: JsonSchema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
  /** Beside a pattern that says the same. */
  format?: 'date-time'
  default?: unknown
}

export type Definitions = Readonly<Record<string, JsonSchema>>

const WORDS = new Set([
  ...['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'properties', 'required', 'additionalProperties'],
  ...['propertyNames', 'items', 'minItems', 'maxItems', 'minLength', 'maxLength', 'pattern'],
  ...['minimum', 'maximum', 'format', 'default'],
])
const REFERENCE = '#/components/schemas/'

/** @throws Error that names the word which nobody here knows. */
export function requireKnown(schema: JsonSchema, definitions: Definitions, seen = new Set<string>()): void {
  const unknown = Object.keys(schema).find((word) => !WORDS.has(word))
  if (unknown !== undefined) {
    throw new Error(
      `The document says "${unknown}", which test/hostile/json-schema.ts does not know. Teach it there and in fitting.ts.`,
    )
  }
  if (schema.format !== undefined && schema.pattern === undefined) {
    throw new Error(
      `The document has the format ${schema.format} without a pattern, which is not checked here.`,
    )
  }
  if (schema.$ref !== undefined) {
    if (seen.has(schema.$ref)) return
    seen.add(schema.$ref)
    requireKnown(resolved(schema, definitions), definitions, seen)
  }
  for (const inner of schemasIn(schema)) requireKnown(inner, definitions, seen)
}

/** What a schema with a reference stands for. */
export function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  if (schema.$ref === undefined) return schema
  const found = definitions[schema.$ref.slice(REFERENCE.length)]
  if (!schema.$ref.startsWith(REFERENCE) || !found) throw new Error(`There is no ${schema.$ref}`)
  return found
}

/** What does not fit, with its place; undefined where everything does. */
export function faultIn(
  schema: JsonSchema,
  value: unknown,
  definitions: Definitions,
  place = 'it',
): string | undefined {
  const { type, const: only, enum: choices, anyOf, oneOf, ...rest } = resolved(schema, definitions)
  if (type !== undefined && !isOfType(type, value)) return `${place} is ${typeof value}, not ${type}`
  if (only !== undefined && value !== only) return `${place} is not ${JSON.stringify(only)}`
  if (choices && !choices.includes(value)) return `${place} is none of ${choices.join(', ')}`
  const branches = anyOf ?? oneOf
  const faults = branches?.map((branch) => faultIn(branch, value, definitions, place))
  if (faults?.every((fault) => fault !== undefined)) return faults[0]
  if (typeof value === 'string') return faultInText(rest, value, place)
  if (typeof value === 'number') return faultInNumber(rest, value, place)
  if (Array.isArray(value)) return faultInList(rest, value, definitions, place)
  if (typeof value === 'object' && value !== null) return faultInObject(rest, value, definitions, place)
  return undefined
}

function isOfType(type: NonNullable<JsonSchema['type']>, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  // As JSON.parse makes of 1e999 what is no number of JSON's.
  if (type === 'number') return Number.isFinite(value)
  return typeof value === type
}

function faultInText(
  { pattern, minLength = 0, maxLength = Infinity }: JsonSchema,
  text: string,
  place: string,
) {
  const length = [...text].length
  if (length < minLength || length > maxLength) return `${place} is ${length} characters long`
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text))
    return `${place} does not match ${pattern}`
  return undefined
}

function faultInNumber(
  { minimum = -Infinity, maximum = Infinity }: JsonSchema,
  value: number,
  place: string,
) {
  return value < minimum || value > maximum ? `${place} is out of bounds` : undefined
}

function faultInList(
  { items, minItems = 0, maxItems = Infinity }: JsonSchema,
  list: unknown[],
  definitions: Definitions,
  place: string,
): string | undefined {
  if (list.length < minItems || list.length > maxItems) return `${place} has ${list.length} items`
  if (!items) return undefined
  return firstOf(list, (item, index) => faultIn(items, item, definitions, `${place}[${index}]`))
}

function faultInObject(
  { properties = {}, required = [], additionalProperties = true, propertyNames }: JsonSchema,
  object: object,
  definitions: Definitions,
  place: string,
): string | undefined {
  const missing = required.find((name) => !Object.hasOwn(object, name))
  if (missing !== undefined) return `${place} has no ${missing}`
  return firstOf(Object.entries(object), ([name, value]) => {
    const inside = `${place}.${name}`
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (known) return faultIn(known, value, definitions, inside)
    if (additionalProperties === false) return `${inside} is not known`
    const misnamed =
      propertyNames && faultIn(propertyNames, name, definitions, `the name ${name} in ${place}`)
    return (
      misnamed ??
      (additionalProperties === true ? undefined : faultIn(additionalProperties, value, definitions, inside))
    )
  })
}

function firstOf<Item>(items: Item[], faultOf: (item: Item, index: number) => string | undefined) {
  for (const [index, item] of items.entries()) {
    const fault = faultOf(item, index)
    if (fault !== undefined) return fault
  }
  return undefined
}

function schemasIn({
  anyOf = [],
  oneOf = [],
  properties = {},
  additionalProperties,
  propertyNames,
  items,
}: JsonSchema) {
  const values = typeof additionalProperties === 'object' ? [additionalProperties] : []
  const inner = [...anyOf, ...oneOf, ...Object.values(properties), ...values]
  return [...inner, ...(propertyNames ? [propertyNames] : []), ...(items ? [items] : [])]
}
