/**
 * A trigger that refuses the very write that breaks a promise, so that it is seen where it happens.
 * @param words what is said then, beginning with the promise's number in the design's section 4
 * @param write such as `update on calls`
 * @param broken SQL that is true of such a write; `old` and `new` are the row
 */
export function promise(words: string, write: string, broken: string): string {
  const name = words.replaceAll(/\W+/g, '_')
  const [event, ...table] = write.split(' ')
  return `create trigger ${name} before ${event} ${table.join(' ')} when ${broken}
    begin select raise(abort, '${words}'); end;`
}
