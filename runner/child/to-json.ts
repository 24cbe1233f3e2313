/**
 * A function's result as it travels; a function that returns nothing returns null.
 * @throws TypeError in words for the author, where the value has no JSON
 */
export function toJson(value: unknown): string {
  if (value === undefined) return 'null'
  const json = stringify(value)
  if (json !== undefined) return json
  throw new TypeError(
    `The function returned a ${typeof value}, which cannot be sent to the caller. ${ADVICE}`,
  )
}

const ADVICE = 'Return plain data: objects, lists, strings, numbers, booleans or null.'

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TypeError(`The function's result cannot be sent to the caller: ${why}. ${ADVICE}`, { cause })
  }
}
