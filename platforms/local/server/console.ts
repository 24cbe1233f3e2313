import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { ASSETS_KEPT, CONSOLE_ASSETS, PAGE_KEPT } from '../../../protocol/console-headers.ts'

const NOT_BUILT =
  'The console has not been built. Run `npm run build` where Sluice is installed, then `sluice up` again.\n'
/** Takes a request for a page or a file of the console; false where it is for the API. */
export type ConsoleServer = (request: IncomingMessage, response: ServerResponse) => boolean

/** @param folder what `npm run build` has made of `console/` */
export function consoleServer(folder: string): ConsoleServer {
  if (!existsSync(join(folder, 'index.html'))) return whenPage(explain)
  const options = { etag: true, setHeaders }
  const files = sirv(folder, options)
  // Not told otherwise, it would take an address that ends in an app's name with a dot for a file.
  const pages = sirv(folder, { ...options, single: true, ignores: false })
  return whenPage((request, response) => {
    const serve = isAsset(request.url) ? files : pages
    serve(request, response, () => notFound(response))
  })
}

/** The page shows each of its addresses by itself; a script that asks for a path that is none wants a problem, not a page. */
function whenPage(serve: (request: IncomingMessage, response: ServerResponse) => void): ConsoleServer {
  return (request, response) => {
    const { method, url = '', headers } = request
    if (method !== 'GET' && method !== 'HEAD') return false
    const isFile = isAsset(url)
    const isPage = !url.startsWith('/v1/') && (headers.accept ?? '').includes('text/html')
    if (!isFile && !isPage) return false
    serve(request, response)
    return true
  }
}

const isAsset = (url = ''): boolean => url.startsWith(CONSOLE_ASSETS)

function setHeaders(response: ServerResponse, path: string): void {
  response.setHeader('cache-control', path.startsWith(CONSOLE_ASSETS) ? ASSETS_KEPT : PAGE_KEPT)
}

function explain(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(NOT_BUILT)
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such file.\n')
}
