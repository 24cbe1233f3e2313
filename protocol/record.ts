import * as z from 'zod'

/**
 * Values by names, as `z.record` reads them. That leaves out a name `__proto__` without a word; what is sent is taken or
 * refused, so here it is refused.
 */
export function record<Value extends z.ZodType>(name: z.ZodType<string, string>, value: Value) {
  const checked = z.preprocess(refuseProto, z.record(name, value))
  return checked as z.ZodType<Record<string, z.output<Value>>, Record<string, z.input<Value>>>
}

function refuseProto(given: unknown, context: z.RefinementCtx): unknown {
  if (typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__'))
    context.addIssue({ code: 'custom', path: ['__proto__'], message: 'cannot be a name here' })
  return given
}
