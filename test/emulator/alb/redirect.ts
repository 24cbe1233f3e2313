import type { IncomingMessage } from 'node:http'
import { hostOf, pathOf } from './conditions.ts'
import type { Listener, RedirectConfig } from './state.ts'

/** "Redirect actions": what is not given is taken over from the request, and so are the keywords. */
export function redirectLocation(
  config: RedirectConfig,
  request: IncomingMessage,
  { protocol, port }: Listener,
): string {
  const { Protocol = '#{protocol}', Host = '#{host}', Port = '#{port}' } = config
  const { Path = '/#{path}', Query = '#{query}' } = config
  const of: Record<string, string> = {
    protocol: protocol.toLowerCase(),
    host: hostOf(request),
    port: String(port),
    path: pathOf(request).slice(1),
    query: request.url?.split('?')[1] ?? '',
  }
  const filled = (template: string) => template.replace(/#\{(\w+)\}/g, (_, keyword) => of[keyword] ?? '')
  const query = filled(Query)
  const location = `${filled(Protocol).toLowerCase()}://${filled(Host)}:${filled(Port)}${filled(Path)}`
  return query === '' ? location : `${location}?${query}`
}
