import * as z from 'zod'

/** A page of a list; with a cursor where there is more. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), cursor: z.string().optional() })

/** Query strings arrive as text. */
export const PageQuery = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}
/** Those whose name has `q` in it. */
export const AppsQuery = { ...PageQuery, q: z.string().min(1).max(64).optional() }
