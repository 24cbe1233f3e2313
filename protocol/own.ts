/** What a record has by a name that people chose, and not what every object inherits: a function may be called `constructor`. */
export const own = <Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined => (record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined)
