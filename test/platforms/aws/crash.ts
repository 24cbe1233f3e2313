import type { InitializeMiddleware } from '@smithy/types'

interface Client {
  middlewareStack: { add(middleware: never, options: { step: 'initialize' }): void }
}

/** Has the process die at the so-many-th call that these clients make together: before it is done, or just after. */
export function crashAt(call: number, when: 'before' | 'after', clients: Client[]): void {
  let calls = 0
  let isDead = false
  const die = () => {
    isDead = true
    throw new Error('The process died')
  }
  const dying: InitializeMiddleware<object, object> = (next) => async (args) => {
    const isLast = ++calls === call
    if (isDead || (isLast && when === 'before')) die()
    const output = await next(args)
    if (isDead || isLast) die()
    return output
  }
  for (const { middlewareStack } of clients) middlewareStack.add(dying as never, { step: 'initialize' })
}
