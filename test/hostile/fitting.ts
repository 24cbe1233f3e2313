import fc, { type Arbitrary } from 'fast-check'
import { type Definitions, faultIn, type JsonSchema, resolved } from './json-schema.ts'

/** What there is in the installation, by the name of the property or parameter that may name it. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Lists, maps and texts are tried at their bounds elsewhere; most of what fits is short. */
const MOST_ITEMS = 3
const MOST_TEXT = 40
const NEGATIVE_LOOKAHEAD = /\(\?!(?:[^()\\]|\\.)*\)/g

/** Values that a schema describes. Those by a known name are mostly of what there is, so that they lead somewhere. */
export class Fitting {
  readonly #definitions: Definitions
  readonly #known: Known
  /** Of what would do harm where the document allows it all, such as a thousand containers. */
  readonly #tamed: Readonly<Record<string, Arbitrary<unknown>>>

  constructor(definitions: Definitions, known: Known, tamed: Readonly<Record<string, Arbitrary<unknown>>>) {
    this.#definitions = definitions
    this.#known = known
    this.#tamed = tamed
  }

  value(schema: JsonSchema, name = ''): Arbitrary<unknown> {
    const tamed = this.#tamed[name]
    if (tamed) return tamed
    const any = this.#ofSchema(resolved(schema, this.#definitions), name)
    const known = (this.#known[name] ?? []).filter(
      (value) => faultIn(schema, value, this.#definitions) === undefined,
    )
    if (known.length === 0) return any
    return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any })
  }

  #ofSchema(schema: JsonSchema, name: string): Arbitrary<unknown> {
    if ('const' in schema) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    const branches = schema.anyOf ?? schema.oneOf
    if (branches) return fc.oneof(...branches.map((branch) => this.value(branch, name)))
    switch (schema.type) {
      case 'object':
        return this.#object(schema)
      case 'array':
        return this.#list(schema, name)
      case 'string':
        return text(schema)
      case 'number':
      case 'integer':
        return number(schema)
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      default:
        return fc.jsonValue({ maxDepth: 2 })
    }
  }

  #object({ properties = {}, required = [], additionalProperties, propertyNames }: JsonSchema) {
    if (typeof additionalProperties === 'object') {
      const keys = propertyNames ? this.value(propertyNames, 'function') : fc.string({ maxLength: MOST_TEXT })
      return fc.dictionary(keys as Arbitrary<string>, this.value(additionalProperties), {
        maxKeys: MOST_ITEMS,
      })
    }
    const fields = Object.entries(properties).map(
      ([name, schema]) => [name, this.value(schema, name)] as const,
    )
    return fc.record(Object.fromEntries(fields), { requiredKeys: required })
  }

  /** @param name of the list is that of its items, such as `secrets` */
  #list({ items, minItems = 0, maxItems = Infinity }: JsonSchema, name: string) {
    const item = items ? this.value(items, name) : fc.jsonValue({ maxDepth: 2 })
    return fc.array(item, {
      minLength: minItems,
      maxLength: Math.min(maxItems, Math.max(minItems, MOST_ITEMS)),
    })
  }
}

function number({ type, minimum = -1e9, maximum = 1e9 }: JsonSchema): Arbitrary<number> {
  if (type === 'integer') return fc.integer({ min: minimum, max: maximum })
  return fc.oneof(fc.constantFrom(minimum, maximum), fc.double({ min: minimum, max: maximum, noNaN: true }))
}

function text(schema: JsonSchema): Arbitrary<string> {
  const { pattern, minLength = 0, maxLength = Infinity } = schema
  if (pattern !== undefined) return matching(pattern).filter((one) => faultIn(schema, one, {}) === undefined)
  const most = Math.min(maxLength, Math.max(minLength, MOST_TEXT))
  const short = fc.string({ unit: 'grapheme', minLength, maxLength: most })
  if (maxLength === Infinity || maxLength > 10_000) return short
  // As long as it may be.
  return fc.oneof(
    { weight: 9, arbitrary: short },
    { weight: 1, arbitrary: fc.constant('x'.repeat(maxLength)) },
  )
}

/** fast-check generates no assertions and no classes of Unicode: what is left is filtered by the whole pattern. */
function matching(pattern: string): Arbitrary<string> {
  const plain = pattern.replace(NEGATIVE_LOOKAHEAD, '').replaceAll('\\p{L}\\p{N}', 'a-zA-Z0-9éß')
  return plain === '^' ? fc.string({ maxLength: MOST_TEXT }) : fc.stringMatching(new RegExp(plain, 'u'))
}
