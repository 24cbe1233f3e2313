/** A part of a list that may be long: where it goes on, and how much of it is wanted. */
export interface Page {
  cursor?: string | undefined
  limit: number
}

export interface Paged<Item> {
  items: Item[]
  cursor?: string
}
