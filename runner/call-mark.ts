/**
 * How a line of the author's output says which call wrote it: an application program command (ECMA-48, 8.3.2), which a
 * terminal does not show. The child writes it, the supervisor takes it off.
 */
const START = '\x1b_sluice:'
const END = '\x1b\\'

/** @param secret known to the child and its supervisor only: what is merely printed cannot pass for a mark */
export const markOf = (secret: string, callId: string): string => `${START}${secret}:${callId}${END}`

/** @returns the pieces of a line in order: what native code wrote in between has no call. */
export function unmark(secret: string, line: string): { call?: string; text: string }[] {
  const mark = `${START}${secret}:`
  const start = line.indexOf(mark)
  if (start === -1) return [{ text: line }]
  const end = line.indexOf(END, start)
  if (end === -1) return [{ text: line }]
  const marked = { call: line.slice(start + mark.length, end), text: line.slice(end + END.length) }
  return start === 0 ? [marked] : [{ text: line.slice(0, start) }, marked]
}
