/** How often each action of AWS was called, by its IAM name, such as `ecs:RunTask`. */
export type ApiCalls = Record<string, number>

const COUNTER = `${process.env.AWS_ENDPOINT_URL}/_rig/calls`

export async function forgetApiCalls(): Promise<void> {
  await fetch(COUNTER, { method: 'DELETE' })
}

export async function apiCalls(): Promise<ApiCalls> {
  return (await (await fetch(COUNTER)).json()) as ApiCalls
}

/** Those of a service that change something. */
export function writesOf(calls: ApiCalls, service: string): ApiCalls {
  const isWrite = (action: string) => action.startsWith(`${service}:`) && !/:(Describe|List|Get)/.test(action)
  return Object.fromEntries(Object.entries(calls).filter(([action]) => isWrite(action)))
}
