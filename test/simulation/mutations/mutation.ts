/** A deliberate fault in the source, of the kind that a hurried change brings. */
export interface Mutation {
  /** What is broken, as a sentence. */
  name: string
  /** Texts that occur once in their file, and what stands there instead. */
  edits: readonly Edit[]
}

export interface Edit {
  /** From the root of the repository. */
  file: string
  from: string
  to: string
}

/** A fault of a single place. */
export const mutation = (name: string, file: string, from: string, to = ''): Mutation => ({
  name,
  edits: [{ file, from, to }],
})
