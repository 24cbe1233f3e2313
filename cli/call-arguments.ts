import { InvalidArgumentError } from 'commander'

/** An argument as it was typed: JSON, or text where it is no JSON. */
export function parseWord(word: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    return word
  }
}

/** @throws InvalidArgumentError */
export function parseList(text: string): unknown[] {
  const list = parseWord(text)
  if (Array.isArray(list)) return list
  throw new InvalidArgumentError('Write a JSON list, such as \'["a", 1]\'.')
}
