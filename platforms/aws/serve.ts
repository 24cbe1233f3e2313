import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { ApiEvent, ApiHandler } from '../../protocol/gateway.ts'
import type { AwsEvents } from './events.ts'
import { fromVariables, type Settings } from './settings.ts'
import { type WholeResult, whole } from './whole-result.ts'

/** How each port of a handler is made. */
export type Factories<Given> = {
  [Name in keyof Given]: (settings: Settings) => Given[Name] | Promise<Given[Name]>
}

/** Told of each failure that is ours, once. */
export type Report = (failure: { error: unknown } & Record<string, unknown>) => void

type Handle<Event, Result> = (event: Event) => Promise<Result>

const logger = new Logger()

const report: Report = ({ error, ...about }) =>
  logger.error(error instanceof Error ? error.message : String(error), { ...about, error: asError(error) })

/**
 * A Lambda function of a handler and the ports that it takes. They are made once, with the first event that a process
 * gets; should that fail, the next one tries again.
 */
export function serve<Event, Result, Given extends object>(
  make: (ports: Given, report: Report) => Handle<Event, Result>,
  factories: Factories<Given>,
): Handle<Event, Result> {
  let opened: Promise<{ handle: Handle<Event, Result>; ports: Given }> | undefined
  const open = async () => {
    const ports = await openPorts(factories, fromVariables(process.env))
    return { ports, handle: make(ports, report) }
  }
  const stack = middy()
    .use(injectLambdaContext(logger))
    .handler(async (event: unknown) => {
      opened ??= open()
      const { handle, ports } = await opened.catch((error: unknown) => {
        opened = undefined
        throw error
      })
      try {
        return await handle(event as Event)
      } finally {
        await flush(ports)
      }
    })
  return stack as unknown as Handle<Event, Result>
}

/** The same for a group of routes behind the API. */
export function serveApi<Given extends object>(
  make: (ports: Given, report: Report) => ApiHandler,
  factories: Factories<Given>,
): Handle<ApiEvent, WholeResult> {
  return serve<ApiEvent, WholeResult, Given>((ports, report) => {
    const handle = make(ports, report)
    return async (event) => whole(await handle(event))
  }, factories)
}

async function openPorts<Given extends object>(
  factories: Factories<Given>,
  settings: Settings,
): Promise<Given> {
  const made = Object.entries<Factories<Given>[keyof Given]>(factories).map(
    async ([name, factory]) => [name, await factory(settings)] as const,
  )
  return Object.fromEntries(await Promise.all(made)) as Given
}

/** What was published has to be on its way before the process is frozen. */
async function flush(ports: { events?: Partial<AwsEvents> }): Promise<void> {
  await ports.events?.flush?.()
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
