/** A part of a list that may be long: where it goes on, and how much of it is wanted. */
export interface Page {
  cursor?: string | undefined
  limit: number
}

/** Names of a list that have this in them, in capitals or not: all of them where it is absent. */
export interface Search {
  containing?: string | undefined
}

export interface Paged<Item> {
  items: Item[]
  cursor?: string
}
