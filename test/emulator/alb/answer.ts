import { type ServerResponse, STATUS_CODES } from 'node:http'

const NAMES: Record<number, string> = { 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out' }

/** An answer of the load balancer's own. One that has begun already must not look complete: its connection is cut. */
export function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | Buffer = '',
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(status, {
    server: 'awselb/2.0',
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
  })
  response.end(body)
}

/** "Troubleshoot your Application Load Balancers" tells which error is which. */
export function fail(response: ServerResponse, status: number): void {
  const title = `${status} ${NAMES[status] ?? STATUS_CODES[status]}`
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  answer(response, status, { 'content-type': 'text/html' }, page)
}
