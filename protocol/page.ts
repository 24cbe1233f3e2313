import * as z from 'zod'

/** A page of a list; with a cursor where there is more. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), cursor: z.string().optional() })
